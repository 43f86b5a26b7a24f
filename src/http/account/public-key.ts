import { createPublicKey, type KeyObject } from 'node:crypto';
import { publicKeyAsPem } from '../../delegation/keys.ts';
import { consumerDelegation } from '../../delegation/provider.ts';
import { isObject, tryParseJson } from '../../world/json.ts';

/** What is wrong with the key that id_tokens are to be checked with, or undefined. */
export function unreadableKey(text: string): string | undefined {
  if (text === consumerDelegation) return undefined;
  const key = text.trim();
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key) || hasPrivatePart(key))
    return 'is a private key: give the public one, and make a new pair, since this one has been shown';
  const read = key.startsWith('{') ? ofJwk(key) : ofPem(publicKeyAsPem(key));
  return read
    ? undefined
    : `must be a public key as PEM (BEGIN PUBLIC KEY), as its base64 alone, or as JWK, or ${consumerDelegation}`;
}

function hasPrivatePart(key: string): boolean {
  const jwk = tryParseJson(key);
  return isObject(jwk) && 'd' in jwk;
}

function ofJwk(text: string): KeyObject | undefined {
  const jwk = tryParseJson(text);
  return isObject(jwk) ? orNothing(() => createPublicKey({ key: jwk, format: 'jwk' })) : undefined;
}

function ofPem(text: string): KeyObject | undefined {
  return text.startsWith('-----BEGIN PUBLIC KEY-----') ? orNothing(() => createPublicKey(text)) : undefined;
}

function orNothing(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
