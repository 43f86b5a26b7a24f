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
import { credentialOfUser, type Pair } from './found-secrets.ts';
import {
  asNode,
  findOperation,
  listAt,
  member,
  type Node,
  type Operation,
  parametersOf,
  resolved,
  type Server,
  serverOf,
  textAt,
  unreadable,
  type Wanted,
} from './openapi-document.ts';
import { type CredentialProposal, methodNamed, nameFrom, plainName, type Proposal, type Remark } from './proposal.ts';

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
  if (server === undefined)
    report.push({
      path: '/url',
      message: 'The document names no server with a whole URL: give the environment a variable api_host.',
    });
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
    url: `${server?.url ?? '{$env.api_host}'}${placed.path}`,
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

interface ForCredential {
  name: string;
  server: Server | undefined;
  report: Remark[];
}

/** The first way to authenticate that the operation names. */
function credentialOf(document: Node, { operation }: Operation, given: ForCredential): CredentialProposal | undefined {
  const requirements = Array.isArray(operation['security']) ? operation['security'] : listAt(document, 'security');
  const [schemeName] = requirements.flatMap((requirement) => Object.keys(asNode(requirement)));
  const schemes = member(member(document, 'components'), 'securitySchemes');
  const named =
    schemeName === undefined ? undefined : authenticationOf(resolved(document, member(schemes, schemeName)));
  const found = withUser(named, given);
  if (found === undefined) return undefined;
  if (typeof found === 'string') {
    given.report.push({ path: '/credential', message: found });
    return undefined;
  }
  const origin = given.server === undefined ? undefined : new URL(given.server.url).origin;
  const name = `${given.name} credential`.slice(0, 200);
  return { name, origins: origin === undefined ? [] : [origin], ...found };
}

type Authentication = Omit<CredentialProposal, 'name' | 'origins'> | string;

/** A user in the server's URL is a secret: it serves where the operation authenticates that way or says nothing of it. */
function withUser(named: Authentication | undefined, { server, report }: ForCredential): Authentication | undefined {
  if (server?.user === undefined) return named;
  if (named === undefined || (typeof named !== 'string' && named.type === 'basic'))
    return credentialOfUser(server.user);
  report.push({ path: '/url', message: "The user and password of the server's URL were left out." });
  return named;
}

function authenticationOf(scheme: Node): Authentication {
  const type = textAt(scheme, 'type');
  const http = textAt(scheme, 'scheme')?.toLowerCase();
  const name = textAt(scheme, 'name') ?? '';
  if (type === 'http' && http === 'basic') return { type: 'basic' };
  if (type === 'http')
    return { type: 'access_token', header: 'Authorization', token_type: http === 'bearer' ? 'Bearer' : (http ?? '') };
  if (type === 'apiKey' && textAt(scheme, 'in') === 'header')
    return { type: 'access_token', header: name, token_type: '' };
  if (type === 'apiKey' && textAt(scheme, 'in') === 'query') return { type: 'access_token', parameter: name };
  if (type === 'oauth2' || type === 'openIdConnect')
    return 'The operation wants OAuth 2.0: to call it for the consumer, attach a credential of type consumer_authentication.';
  return 'How the operation authenticates could not be read: attach a credential by hand.';
}
