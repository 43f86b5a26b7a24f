import type { InvalidPlace } from '../../world/problem.ts';
import { isLoopback } from '../http-config.ts';

/**
 * What is wrong with a URL that tokens, codes or people will be sent to (P12): https, or http on loopback; no user
 * information, no fragment. Undefined when it may be used.
 */
export function unsafeUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL';
  if (url.protocol === 'http:' && !isLoopback(text)) return 'must be https; http is for loopback only';
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  if (url.hash !== '' || text.includes('#')) return 'must not have a fragment';
  return undefined;
}

/** What is wrong with an exact origin, or undefined. */
export function inexactOrigin(text: string): string | undefined {
  const unsafe = unsafeUrl(text);
  if (unsafe !== undefined) return unsafe;
  // A star is a letter to URL, and "any" to a browser that reads it in a policy.
  if (text.includes('*')) return 'must be one exact origin, without *';
  const { origin } = new URL(text);
  return origin === text ? undefined : `must be an exact origin: ${origin}`;
}

export function placesOf(pointer: string, detail: string | undefined): InvalidPlace[] {
  return detail === undefined ? [] : [{ pointer, detail }];
}
