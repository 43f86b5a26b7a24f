/** The credential that an operation of an OpenAPI document wants. */
import { credentialOfUser } from './found-secrets.ts';
import { asNode, listAt, member, type Node, type Operation, resolved, textAt } from './openapi-document.ts';
import type { Server } from './openapi-server.ts';
import type { CredentialProposal, Remark } from './proposal.ts';

interface ForCredential {
  name: string;
  server: Server;
  report: Remark[];
}

/** The first way to authenticate that the operation names. */
export function credentialOf(
  document: Node,
  { operation }: Operation,
  given: ForCredential,
): CredentialProposal | undefined {
  const { first, also, instead } = schemesOf(document, operation);
  const schemes = member(member(document, 'components'), 'securitySchemes');
  const named = first === undefined ? undefined : authenticationOf(resolved(document, member(schemes, first)));
  const say = (message: string) => given.report.push({ path: '/credential', message });
  for (const name of also) say(`The operation wants "${name}" as well: an integration has one credential.`);
  for (const name of instead) say(`The operation may be called with "${name}" instead.`);
  const found = withUser(named, given);
  if (found === undefined) return undefined;
  if (typeof found === 'string') {
    say(found);
    return undefined;
  }
  const { origin } = given.server;
  const name = `${given.name} credential`.slice(0, 200);
  return { name, origins: origin === undefined ? [] : [origin], ...found };
}

const mostSchemes = 20;

/** Of a list of alternatives, each of which may want several schemes at once. */
function schemesOf(document: Node, operation: Node): { first: string | undefined; also: string[]; instead: string[] } {
  const security = Array.isArray(operation['security']) ? operation['security'] : listAt(document, 'security');
  const alternatives = security
    .map((requirement) => Object.keys(asNode(requirement)))
    .filter((names) => names.length > 0);
  const [first, ...also] = alternatives[0] ?? [];
  const instead = new Set(alternatives.slice(1).flat());
  const short = (names: Iterable<string>) => [...names].slice(0, mostSchemes).map((name) => name.slice(0, 100));
  return { first, also: short(also), instead: short(instead) };
}

type Authentication = Omit<CredentialProposal, 'name' | 'origins'> | string;

/** A user in the server's URL is a secret: it serves where the operation authenticates that way or says nothing of it. */
function withUser(named: Authentication | undefined, { server, report }: ForCredential): Authentication | undefined {
  if (server.user === undefined) return named;
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
  if (type === 'apiKey' && textAt(scheme, 'in') === 'cookie')
    return `The operation wants its key in the cookie "${name.slice(0, 100)}", and cookies are not sent.`;
  if (type === 'oauth2' || type === 'openIdConnect')
    return 'The operation wants OAuth 2.0: to call it for the consumer, attach a credential of type consumer_authentication.';
  return 'How the operation authenticates could not be read: attach a credential by hand.';
}
