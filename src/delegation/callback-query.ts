/** What an authorization response may say in its query (RFC 6749 section 4.1.2, RFC 9207). Everything else is ignored (OA-10). */

export interface CallbackQuery {
  state: string;
  code: string | null;
  error: string | null;
  iss: string | null;
  /** What the provider says of its error, cut: for the audit, never for a page (P16). Empty without one. */
  said: string;
}

/** Far more than a provider says, and what the server takes at most. */
const longest = 128 * 1024;
const longestSaid = 200;

/** Undefined where the query is none we could have caused: no state, an empty one, two, or one of a megabyte (P1). */
export function readCallbackQuery(query: string): CallbackQuery | undefined {
  if (query.length > longest) return undefined;
  const parameters = new URLSearchParams(query);
  for (const name of ['state', 'code', 'error', 'iss']) {
    if (parameters.getAll(name).length > 1) return undefined;
  }
  const state = parameters.get('state') ?? '';
  if (!/^[A-Za-z0-9_-]{20,128}$/.test(state)) return undefined;
  const named = (name: string) => parameters.get(name) || null;
  const error = named('error');
  const said = [error, named('error_description')].filter((part) => part !== null).join(': ');
  return { state, code: named('code'), error, iss: named('iss'), said: said.slice(0, longestSaid).toWellFormed() };
}
