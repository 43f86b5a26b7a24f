import type { Integration } from '../document.ts';
import { holdsSecret } from '../checks/secrets.ts';
import { pointer } from '../problem.ts';
import { whyOpaque } from './interaction-types.ts';
import { type ForeignRecord, placedRecordsAt, textAt } from './record.ts';
import type { Reporting } from './report.ts';

/** What an import must know of the account's credentials. */
export interface ImportCredential {
  id?: string;
  name: string;
  /** What exports call it. */
  import_id?: string;
  mode: string;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const tokenExpression = '{$botContext.cidp_accessToken}';

export interface IntegrationSource {
  record: ForeignRecord;
  at: number;
  credentials: readonly ImportCredential[];
  reporting: Reporting;
}

/** An integration of the export; undefined when it is not a call that can be imported, which is reported. */
export function integrationOf(source: IntegrationSource): Integration | undefined {
  const { record, at, reporting } = source;
  const path = pointer('/responder', at);
  const name = textAt(record, 'name');
  const given = textAt(record, 'integrationType') ?? 'API';
  const type = typeOf(given);
  const method = methodOf(record, type);
  const url = urlOf(source, type, path);
  if (!name || !type || !method || !url) {
    reporting.ignored(
      path,
      `The integration "${name ?? ''}" was left out; what runs it does nothing. ${whyNot(source, type)}`,
    );
    return undefined;
  }
  if (given !== 'API')
    reporting.approximated(
      pointer(path, 'integrationType'),
      `No export with the integration type ${given.slice(0, 100)} was known when this was written: it was read as ${type}.`,
    );
  const description = textAt(record, 'description');
  const headers = pairsAt(record, 'headers', { path, reporting });
  const credential = credentialOf(source, headers, path);
  reporting.mapped(path, `The integration "${name}": ${method} ${url.split(/[?#]/)[0]}`);
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes && type === 'api' && credential !== undefined)
    reporting.approximated(
      path,
      `Where a consumer gives permission for "${name}", she is asked "Shall I?" before each call, since it may change something: ${description ? 'its description says' : 'give it a description that says'} what is asked. "risk": "read" asks nothing.`,
    );
  return {
    id: (textAt(record, 'id') || `integration-${at + 1}`).slice(0, 200),
    name: reporting.fit(name, 200, path),
    type,
    ...(description && { description: reporting.fit(description, 2_000, path) }),
    risk: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    method,
    url: reporting.fit(url, 4_000, pointer(path, 'webhook')),
    ...(headers.length > 0 && { headers }),
    ...(credential !== undefined && { credential }),
    ...answerOf(source, name, path),
  };
}

/** What goes out besides the headers, and what is made of what comes back. */
function answerOf({ record, reporting }: IntegrationSource, name: string, path: string) {
  const body = textAt(record, 'postBody');
  const transform = textAt(record, 'transformResultsScript');
  const parameters = pairsAt(record, 'params', { path, reporting });
  const fields = pairsAt(record, 'customDataFields', { path, reporting });
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && body !== '' && { body: reporting.fit(body, 100_000, path) }),
    response_variable: reporting.fit(textAt(record, 'responseDataVariable') || name, 200, path),
    ...(transform?.trim() && { transform: reporting.fit(transform, 100_000, path) }),
    ...(fields.length > 0 && { fields }),
  };
}

/** Only `API` was read from exports; the others are plausible names of kinds that LivePerson's pages describe. */
function typeOf(given: string): Integration['type'] | undefined {
  if (/^(API|REST|WEBHOOK)(_INTEGRATION)?$/i.test(given)) return 'api';
  if (/^FILE/i.test(given)) return 'file';
  return /FUNCTION|FAAS/i.test(given) ? 'function' : undefined;
}

/** A file and what a function is given are posted, whatever the export says. */
function methodOf(record: ForeignRecord, type: Integration['type'] | undefined): Integration['method'] | undefined {
  if (type !== 'api') return 'POST';
  const given = (textAt(record, 'method') ?? 'GET').toUpperCase();
  return methods.find((known) => known === given);
}

/** LivePerson knows its functions without an address: one is looked for in an environment variable. */
function urlOf(
  { record, reporting, at }: IntegrationSource,
  type: Integration['type'] | undefined,
  path: string,
): string | undefined {
  const given = textAt(record, 'webhook')?.trim();
  if (given || (type !== 'function' && type !== 'file')) return given;
  const variable = `integration${at + 1}`;
  reporting.approximated(
    path,
    `It has no address in the export: set the variable "${variable}" in the bot's environment to the address that takes it on.`,
  );
  return `{$env.${variable}}`;
}

function whyNot({ record }: IntegrationSource, type: Integration['type'] | undefined): string {
  if (!textAt(record, 'name')) return 'It has no name.';
  if (!type) return whyOpaque(textAt(record, 'integrationType') ?? '');
  return type === 'api' && textAt(record, 'webhook')?.trim() ? "Its method is not one of HTTP's." : 'It has no URL.';
}

type Pairs = NonNullable<Integration['headers']>;

function pairsAt(
  record: ForeignRecord,
  key: string,
  { path, reporting }: { path: string; reporting: Reporting },
): Pairs {
  const at = pointer(path, key);
  const pairs = placedRecordsAt(record, key).flatMap(([index, pair]) => {
    const name = textAt(pair, 'key');
    const value = textAt(pair, 'value');
    if (name && value !== undefined && key !== 'customDataFields' && holdsSecret({ key: name, value })) {
      reporting.missed(
        'ignored',
        pointer(at, index),
        `"${name.slice(0, 100)}" has what looks like a real token, and a document must not contain secrets: it was left out. Put the token into a credential of the account, and choose that for the integration.`,
      );
      return [];
    }
    if (name && value !== undefined)
      return [{ key: reporting.fit(name, 200, at), value: reporting.fit(value, 20_000, at) }];
    reporting.ignored(pointer(at, index), 'A line without a name or a value was left out.');
    return [];
  });
  if (pairs.length > 100) reporting.ignored(at, `Of ${pairs.length} lines the first 100 were kept.`);
  return pairs.slice(0, 100);
}

/**
 * An export names a credential by an id and never contains it. Without an id, a header that carries the consumer's token
 * says that one is meant; where the account has exactly one for the recipe, that is it.
 */
function credentialOf(
  { record, credentials, reporting }: IntegrationSource,
  headers: Pairs,
  path: string,
): string | undefined {
  const id = textAt(record, 'apiCredentialsId');
  if (id) return referredCredential(record, credentials, { path: pointer(path, 'apiCredentialsId'), reporting });
  if (!headers.some(({ value }) => value.includes(tokenExpression))) return undefined;
  const recipes = credentials.filter(({ mode }) => mode === 'recipe');
  const only = recipes.length === 1 ? recipes[0] : undefined;
  if (only)
    reporting.approximated(
      path,
      `A header sends the consumer access token, but the export names no credential: "${only.name}", the account's only one for it, was attached.`,
    );
  else
    reporting.approximated(
      path,
      'A header sends the consumer access token, but the export names no credential: attach one, or nobody is asked to sign in.',
    );
  return only?.name;
}

function referredCredential(
  record: ForeignRecord,
  credentials: readonly ImportCredential[],
  { path, reporting }: { path: string; reporting: Reporting },
): string {
  const id = textAt(record, 'apiCredentialsId') ?? '';
  const protocol = textAt(record, 'securityProtocol')?.slice(0, 100);
  const url = textAt(record, 'webhook') ?? '';
  const origin = /^https?:\/\/[^{}/?#\s@]{1,300}(?=[/?#]|$)/i.exec(url)?.[0];
  const known =
    credentials.find((credential) => credential.import_id === id) ??
    credentials.find((credential) => credential.id === id) ??
    credentials.find((credential) => credential.name === id);
  if (known) reporting.mapped(path, `The credential "${known.name}".`);
  else
    reporting.approximated(
      path,
      `The export refers to a credential${protocol ? ` (${protocol})` : ''} and does not contain it. Give a credential of the account the import id "${id.slice(0, 100)}"${origin ? ` and the origin ${origin}` : ''}, or choose another.`,
    );
  return known?.name ?? `import:${id.slice(0, 100)}`;
}
