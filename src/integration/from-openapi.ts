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
  type Templating,
} from './body-template.ts';
import { checkedProposal } from './checked-proposal.ts';
import type { Pair } from './found-secrets.ts';
import {
  asNode,
  findOperation,
  listAt,
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
  const report: Remark[] = [];
  const templating: Templating = { document, inputs: { properties: {}, required: [] }, left: mostSchemas };
  const server = serverOf(document, found);
  report.push(...server.remarks.map((message) => ({ path: '/url', message })));
  const placed = placeParameters(templating, found, report);
  const body = method === 'GET' || method === 'HEAD' ? {} : bodyOf(templating, found, report);
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

function placeParameters(templating: Templating, found: Operation, report: Remark[]): Placed {
  const placed: Placed = { path: found.path, parameters: [], headers: [] };
  for (const parameter of parametersOf(templating.document, found)) {
    const key = textAt(parameter, 'name') ?? '';
    const place = textAt(parameter, 'in');
    const schema = resolved(templating.document, member(parameter, 'schema'));
    if (place === 'path') {
      const value = placeFor(noteInput(templating, key, withDescription(schema, parameter)));
      placed.path = placed.path.replaceAll(`{${key}}`, value);
    } else if (place === 'cookie' || (place === 'header' && elsewhere.test(key))) {
      if (place === 'cookie') report.push({ path: '/headers', message: `The cookie "${key}" was left out.` });
    } else if (member(parameter, 'required') !== true) {
      report.push({
        path: place === 'header' ? '/headers' : '/parameters',
        message: `"${key}" is optional and was left out.`,
      });
    } else {
      const fixed = listAt(schema, 'enum').length === 1 ? listAt(schema, 'enum')[0] : member(schema, 'const');
      const value =
        fixed === undefined ? placeFor(noteInput(templating, key, withDescription(schema, parameter))) : String(fixed);
      (place === 'header' ? placed.headers : placed.parameters).push({ key, value });
    }
  }
  // A part of the path that no parameter describes is a value all the same.
  placed.path = placed.path.replace(/\{([^{}$]{1,100})\}/g, (_, name: string) =>
    placeFor(noteInput(templating, name, {})),
  );
  return placed;
}

const withDescription = (schema: Node, parameter: Node): Node => {
  const description = textAt(parameter, 'description');
  return description === undefined ? schema : { description, ...schema };
};

function bodyOf(templating: Templating, found: Operation, report: Remark[]): { text?: string; type?: string } {
  const { document } = templating;
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
    report.push({ path: '/body', message: `A body of type ${types[0]?.slice(0, 100)} has to be written by hand.` });
  return {};
}
