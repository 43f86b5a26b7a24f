/** An integration from one operation of an OpenAPI document. The document is read, nothing it names is fetched. */
import type { Integration } from '../bot/document.ts';
import {
  descriptionOf,
  exampleOf,
  formTemplate,
  jsonTemplate,
  mostSchemas,
  noteInput,
  placeFor,
  tell,
  isStructure,
  type Templating,
} from './body-template.ts';
import { checkedProposal } from './checked-proposal.ts';
import type { Pair } from './found-secrets.ts';
import { lostReferences } from './lost-references.ts';
import {
  asNode,
  findOperation,
  listAt,
  mostParameters,
  member,
  type Node,
  type Operation,
  parametersOf,
  resolved,
  textAt,
  unreadable,
  type Wanted,
} from './openapi-document.ts';
import { credentialOf } from './openapi-security.ts';
import { serverOf } from './openapi-server.ts';
import { methodNamed, nameFrom, plainName, type Proposal, type Remark } from './proposal.ts';

const longestPath = 2_000;

/** `problem`: the document or the operation cannot be read. Required values become variables, optional ones are left out. */
export function fromOpenapi(document: unknown, wanted: Wanted & { name?: string }): Proposal | { problem: string } {
  const unread = unreadable(document);
  if (unread !== undefined) return { problem: unread };
  const root = asNode(document);
  const found = findOperation(root, wanted);
  if ('problem' in found) return found;
  if (found.path.length > longestPath) return { problem: `The path is longer than ${longestPath} characters.` };
  const method = methodNamed(found.method);
  if (!method) return { problem: `The method ${found.method} cannot be used.` };
  const operationId = textAt(found.operation, 'operationId');
  const name = (wanted.name ?? operationId ?? nameFrom(found.path)).slice(0, 200);
  return checkedProposal(proposalOf(root, found, { name, method }));
}

const risks: Partial<Record<Integration['method'], Integration['risk']>> = {
  GET: 'read',
  HEAD: 'read',
  DELETE: 'danger',
};

function proposalOf(
  document: Node,
  found: Operation,
  { name, method }: { name: string; method: Integration['method'] },
): Proposal {
  const inputs = { properties: {}, required: [], owners: new Map<string, string>() };
  const templating: Templating = { document, inputs, report: whatIsLost(document, found), left: mostSchemas };
  const { report } = templating;
  const server = serverOf(document, found);
  report.push(...server.remarks.map((message) => ({ path: '/url', message })));
  const placed = placeParameters(templating, found);
  const body = bodyOf(templating, found, method);
  const credential = credentialOf(document, found, { name, server, report });
  const description = descriptionOf(found.operation) ?? descriptionOf(found.shared);
  const headers = [...placed.headers, ...(body.type === undefined ? [] : [{ key: 'Content-Type', value: body.type }])];
  const { properties, required } = templating.inputs;
  const integration: Integration = {
    id: plainName(name),
    name,
    type: 'api',
    ...(description === undefined ? {} : { description }),
    input_schema: { type: 'object', properties, required },
    risk: risks[method] ?? 'write',
    method,
    url: `${server.url}${placed.path}`,
    ...(headers.length > 0 ? { headers } : {}),
    ...(placed.parameters.length > 0 ? { parameters: placed.parameters } : {}),
    ...(body.text === undefined ? {} : { body: body.text }),
    ...(credential ? { credential: credential.name } : {}),
    response_variable: plainName(name),
  };
  return { integration, ...(credential ? { credential } : {}), report };
}

interface Placed {
  path: string;
  parameters: Pair[];
  headers: Pair[];
}

/** The headers that OpenAPI describes elsewhere. */
const elsewhere = /^(?:accept|content-type|authorization)$/i;

function placeParameters(templating: Templating, found: Operation): Placed {
  const placed: Placed = { path: found.path, parameters: [], headers: [] };
  for (const parameter of parametersOf(templating.document, found)) placeParameter(templating, parameter, placed);
  // A part of the path that no parameter describes is a value all the same.
  placed.path = placed.path.replace(/\{([^{}$]{1,100})\}/g, (_, name: string) =>
    placeFor(noteInput(templating, { name, place: 'path' }, {})),
  );
  return placed;
}

/** Where a parameter of each kind is in the integration. */
const pointers = { path: '/url', query: '/parameters', header: '/headers', cookie: '/headers' } as const;
const places = ['path', 'query', 'header', 'cookie'] as const;

function placeParameter(templating: Templating, parameter: Node, placed: Placed): void {
  const name = textAt(parameter, 'name') ?? '';
  const place = places.find((one) => one === textAt(parameter, 'in')) ?? 'query';
  if (place === 'header' && elsewhere.test(name)) return;
  const say = (message: string) => tell(templating, pointers[place], `"${name.slice(0, 100)}" ${message}`);
  if (place === 'cookie') return say('is a cookie and was left out.');
  if (place !== 'path' && member(parameter, 'required') !== true) return say('is optional and was left out.');
  const schema = resolved(templating.document, member(parameter, 'schema'));
  const style = foreignStyle(parameter, schema);
  if (style !== undefined) say(`is ${style}: one variable fills it as a plain text, so write it by hand.`);
  const variable = () => placeFor(noteInput(templating, { name, place }, withDescription(schema, parameter)));
  if (place === 'path') placed.path = placed.path.replaceAll(`{${name}}`, variable());
  else
    placed[place === 'header' ? 'headers' : 'parameters'].push({ key: name, value: fixedText(schema) ?? variable() });
}

function fixedText(schema: Node): string | undefined {
  const fixed = listAt(schema, 'enum').length === 1 ? listAt(schema, 'enum')[0] : member(schema, 'const');
  return fixed === undefined ? undefined : String(fixed);
}

/** How a parameter is written where that is more than its value. */
function foreignStyle(parameter: Node, schema: Node): string | undefined {
  const style = textAt(parameter, 'style');
  if (style !== undefined && !/^(?:form|simple)$/.test(style)) return `of the style ${style.slice(0, 40)}`;
  if (member(parameter, 'content') !== undefined) return 'of a media type of its own';
  if (member(parameter, 'allowReserved') === true) return 'sent without encoding';
  if (isStructure(schema)) return 'a list or an object';
  return [...listAt(schema, 'oneOf'), ...listAt(schema, 'anyOf')].length > 1 ? 'a choice (oneOf, anyOf)' : undefined;
}

/** What the document says of the operation and no part of the integration can hold. */
function whatIsLost(document: Node, found: Operation): Remark[] {
  const report: Remark[] = lostReferences(document, found).map((reference) => ({
    path: '',
    message: `The reference ${reference} leads nowhere in the document, and nothing outside is fetched: what it means was left out.`,
  }));
  if (found.isAmbiguous)
    report.push({
      path: '',
      message: `Several operations have this operationId: ${found.method.toUpperCase()} ${found.path.slice(0, 200)} was taken.`,
    });
  const parameters = listAt(found.operation, 'parameters').length + listAt(found.shared, 'parameters').length;
  if (parameters > mostParameters)
    report.push({ path: '/parameters', message: `Of ${parameters} parameters the first ${mostParameters} were read.` });
  return report;
}

const withDescription = (schema: Node, parameter: Node): Node => {
  const description = textAt(parameter, 'description');
  return description === undefined ? schema : { description, ...schema };
};

function bodyOf(
  templating: Templating,
  found: Operation,
  method: Integration['method'],
): { text?: string; type?: string } {
  const { document } = templating;
  if (method === 'GET' || method === 'HEAD') {
    if (member(found.operation, 'requestBody') !== undefined)
      tell(templating, '/body', `A call with ${method} sends no body: the operation's was left out.`);
    return {};
  }
  const content = asNode(member(resolved(document, member(found.operation, 'requestBody')), 'content'));
  const types = Object.keys(content);
  const json =
    types.find((type) => /^application\/(?:[\w.-]+\+)?json\b/i.test(type)) ?? types.find((type) => type === '*/*');
  if (json !== undefined) {
    const media = resolved(document, content[json]);
    const schema = member(media, 'schema');
    const text = schema === undefined ? exampleOf(document, media) : jsonTemplate(templating, schema);
    return text === undefined ? {} : { text, type: json === '*/*' ? 'application/json' : json };
  }
  const form = types.find((type) => /x-www-form-urlencoded/i.test(type));
  if (form !== undefined)
    return { text: formTemplate(templating, member(resolved(document, content[form]), 'schema')), type: form };
  if (types.length > 0)
    tell(templating, '/body', `A body of type ${types[0]?.slice(0, 100)} has to be written by hand.`);
  return {};
}
