/** Takes secrets out of a request that somebody pasted: the first becomes a credential, none stays in the integration. */
import { isPlaceholder } from '../bot/placeholder.ts';
import { looksRandom, mayNameSecret, namesSecret, namesToken } from '../bot/secret-names.ts';
import { isSurelySecret } from '../bot/sure-secrets.ts';
import { Secret } from '../world/secret.ts';
import type { CredentialProposal, Remark } from './proposal.ts';

export interface Pair {
  key: string;
  value: string;
}

type Found = Omit<CredentialProposal, 'name' | 'origins'>;

/** By its name, or by what surely is a secret under any name. */
export const isSecretPair = (pair: Pair): boolean =>
  isNamedSecret(pair) || (!isExpression(pair.value) && isSurelySecret(pair.value));

export const isNamedSecret = ({ key, value }: Pair): boolean =>
  !isExpression(value) && (namesSecret(key) || namesToken(key) || (mayNameSecret(key) && looksRandom(value)));

/** An author's own expression is no secret: it stays as it is. */
const isExpression = (value: string): boolean => /\{\$[A-Za-z]/.test(value);

/** Undefined for what only stands in place of a secret. */
const secretOf = (text: string): { secret?: Secret } =>
  isPlaceholder(text) || text === '' ? {} : { secret: new Secret(text) };

/** `Authorization` and every other header of that kind. */
export function credentialOfHeader({ key, value }: Pair): Found {
  // What is no plain word is no scheme, and may be a part of the secret.
  const [, scheme, rest] = /^([A-Za-z][\w-]{0,40})\s+(\S[\s\S]*)$/.exec(value.trim()) ?? [];
  if (scheme === undefined || rest === undefined || isSurelySecret(scheme))
    return { type: 'access_token', header: key, token_type: '', ...secretOf(value.trim()) };
  if (/^basic$/i.test(scheme) && /^authorization$/i.test(key)) return credentialOfBasic(rest);
  return { type: 'access_token', header: key, token_type: scheme, ...secretOf(rest) };
}

function credentialOfBasic(encoded: string): Found {
  if (isPlaceholder(encoded)) return { type: 'basic' };
  return credentialOfUser(Buffer.from(encoded, 'base64').toString('utf8'));
}

/** `user:password`, as curl's `-u` and URLs have it. */
export function credentialOfUser(pair: string): Found {
  const at = pair.indexOf(':');
  const user_name = at < 0 ? pair : pair.slice(0, at);
  return { type: 'basic', ...(user_name === '' ? {} : { user_name }), ...secretOf(at < 0 ? '' : pair.slice(at + 1)) };
}

export function credentialOfParameter({ key, value }: Pair): Found {
  return { type: 'access_token', parameter: key, ...secretOf(value) };
}

export interface Sorted {
  headers: Pair[];
  parameters: Pair[];
  found: Found[];
}

/** Secrets of headers first: they are the usual place. */
export function takeSecrets(headers: readonly Pair[], parameters: readonly Pair[]): Sorted {
  return {
    headers: headers.filter((pair) => !isSecretPair(pair)),
    parameters: parameters.filter((pair) => !isSecretPair(pair)),
    found: [
      ...headers.filter(isSecretPair).map((pair) => ({ pair, found: credentialOfHeader(pair) })),
      ...parameters.filter(isSecretPair).map((pair) => ({ pair, found: credentialOfParameter(pair) })),
    ]
      .sort((one, other) => doubtOf(one.pair) - doubtOf(other.pair))
      .map(({ found }) => found),
  };
}

/** The most certain one is the credential: an app's id may only look like a secret. */
function doubtOf({ key }: Pair): number {
  if (/^(?:proxy-)?authorization$/i.test(key)) return 0;
  return namesSecret(key) || namesToken(key) ? 1 : 2;
}

/** An integration has one credential: the first that was found with its secret, else the first. */
export function oneCredential(
  found: readonly Found[],
  of: { name: string; origins: string[] },
): { credential?: CredentialProposal; report: Remark[] } {
  const chosen = found.find(({ secret }) => secret !== undefined) ?? found[0];
  if (!chosen) return { report: [] };
  const others = found.filter((one) => one !== chosen).map(placeOf);
  const report = others.map((place) => ({
    path: '/credential',
    message: `Another secret, in the ${place}, was left out: an integration has one credential.`,
  }));
  return { credential: { ...of, ...chosen }, report };
}

const placeOf = ({ type, header, parameter }: Found): string =>
  type === 'basic' ? 'user and password' : parameter === undefined ? `header ${header}` : `parameter ${parameter}`;
