/** What an authorization response may say in its query (RFC 6749 section 4.1.2, RFC 9207). Everything else is ignored (OA-10). */

export interface CallbackQuery {
  state: string;
  code: string | null;
  error: string | null;
  iss: string | null;
  /** What the provider says of its error, cut: for the audit, never for a page (P16). Empty without one. */
  said: string;
}

/** As for a token (T11): what is longer is no code, and goes to no token endpoint. */
export const longestCode = 16_384;
/** Far more than a provider says, and what the server takes at most. */
const longest = 128 * 1024;
const longestSaid = 200;
/** Of an issuer, a state or an error as a form brings it. */
const longestNamed = 2_000;
/** Whom a provider speaks of is nobody's business in an audit that keeps everything. */
const address = /\S+@\S+/g;
const parameters = ['state', 'code', 'error', 'iss'];

/** Undefined where the query is none we could have caused: no state, an empty one, two, or one of a megabyte (P1). */
export function readCallbackQuery(query: string): CallbackQuery | undefined {
  if (query.length > longest) return undefined;
  const given = new URLSearchParams(query);
  if (parameters.some((name) => given.getAll(name).length > 1)) return undefined;
  const state = given.get('state') ?? '';
  if (!/^[A-Za-z0-9_-]{20,128}$/.test(state)) return undefined;
  const named = (name: string) => given.get(name) || null;
  const error = named('error');
  const whole = [error, named('error_description')].filter((part) => part !== null).join(': ');
  const said = whole.slice(0, longestSaid).replaceAll(address, '•••').toWellFormed();
  return { state, code: named('code'), error, iss: named('iss'), said };
}

/**
 * The query that says the same as a form, for the GET it is sent on to (P14). What is given twice stays twice, and what is
 * too long stays too long: that is judged there.
 */
export function asCallbackQuery(form: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const name of parameters)
    for (const value of form.getAll(name))
      query.append(name, value.slice(0, name === 'code' ? longestCode + 1 : longestNamed));
  const description = form.get('error_description');
  if (description !== null) query.set('error_description', description.slice(0, longestSaid));
  return query.toString();
}
