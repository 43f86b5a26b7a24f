import { type InvalidPlace, Problem } from '../../world/problem.ts';
import { placesOf, unsafeUrl } from './safe-url.ts';

/** Errand sets these itself for every sign-in. Values of the author's would be the same for everybody (P13). */
const ours = [
  'redirect_uri',
  'redirectedCode',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
];

export interface AuthenticationUrl {
  /** Without what Errand sets. */
  url: string;
  /** Names of what was taken out, in the order they stood. */
  replaced: string[];
  origin: string;
  client_id: string | undefined;
  scope: string;
}

/** Reads LivePerson's "Authentication URL". Throws `invalid_body` for one that nobody should be sent to. */
export function readAuthenticationUrl(text: string): AuthenticationUrl {
  const unsafe = placesOf('/authentication_url', unsafeUrl(text));
  if (unsafe.length > 0) throw refused(unsafe);
  const url = new URL(text);
  const replaced = [...new Set([...url.searchParams.keys()].filter((name) => ours.includes(name)))];
  for (const name of replaced) url.searchParams.delete(name);
  const wrong = [...twice(url), ...notCode(url)];
  if (wrong.length > 0) throw refused(wrong);
  return {
    url: url.href,
    replaced,
    origin: url.origin,
    client_id: url.searchParams.get('client_id') ?? undefined,
    scope: url.searchParams.get('scope') ?? '',
  };
}

/** Which of two equal parameters counts is each server's own choice, so none is sent (RFC 6749, section 3.1). */
function twice(url: URL): InvalidPlace[] {
  const names = [...new Set(url.searchParams.keys())].filter((name) => url.searchParams.getAll(name).length > 1);
  return names.map((name) => ({
    pointer: '/authentication_url',
    detail: `must not repeat the parameter ${name.slice(0, 100)}`,
  }));
}

function notCode(url: URL): InvalidPlace[] {
  const type = url.searchParams.get('response_type');
  return type === null || type === 'code' ? [] : placesOf('/authentication_url', 'response_type must be code');
}

const refused = (places: InvalidPlace[]) => new Problem('invalid_body', 'The authentication URL is not valid.', places);
