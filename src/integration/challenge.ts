/** Reads the brand API's `WWW-Authenticate` (RFC 6750 3, RFC 9470 3). What it says is a wish of the brand, never an order. */

export interface BearerChallenge {
  error?: string;
  scope?: string;
  acr_values?: string;
  /** Seconds. */
  max_age?: number;
}

const longest = 8_192;
/** A scheme's name, or a parameter with its token or quoted value, at the reading place. Each branch reads at least one sign. */
const piece =
  /[\s,]*(?:([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$)))?)/y;

/** The first Bearer challenge, or undefined when there is none or the header is not well formed. Never throws. */
export function bearerChallenge(header: string | undefined): BearerChallenge | undefined {
  if (!header || header.length > longest) return undefined;
  const parameters = bearerParameters(header);
  if (!parameters) return undefined;
  const { error, max_age } = Object.fromEntries(parameters);
  const scope = listOf(parameters.get('scope'));
  const acr_values = listOf(parameters.get('acr_values'));
  return {
    ...(error !== undefined && /^[a-z_]{1,60}$/.test(error) ? { error } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(acr_values === undefined ? {} : { acr_values }),
    ...(max_age !== undefined && /^\d{1,9}$/.test(max_age) ? { max_age: Number(max_age) } : {}),
  };
}

function bearerParameters(header: string): Map<string, string> | undefined {
  let bearer: Map<string, string> | undefined;
  let inBearer = false;
  piece.lastIndex = 0;
  while (/[^\s,]/.test(header.slice(piece.lastIndex))) {
    const [, name, quoted, bare, scheme] = piece.exec(header) ?? [];
    if (scheme !== undefined) {
      // A second Bearer challenge would make it unclear which one is meant.
      inBearer = scheme.toLowerCase() === 'bearer' && bearer === undefined;
      if (inBearer) bearer = new Map();
    } else if (name === undefined) {
      return undefined;
    } else if (inBearer && bearer && !keep(bearer, name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '')) {
      return undefined;
    }
  }
  return bearer;
}

/** RFC 6750 3: a parameter must not appear twice; two scopes would let the reader choose. */
function keep(parameters: Map<string, string>, name: string, value: string): boolean {
  if (parameters.has(name)) return false;
  parameters.set(name, value);
  return true;
}

/** Space-separated tokens of RFC 6749 3.3, tidied; undefined for anything else. */
function listOf(value: string | undefined): string | undefined {
  const list = value?.trim().replace(/ +/g, ' ');
  return list && list.length <= 1_000 && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(list) ? list : undefined;
}
