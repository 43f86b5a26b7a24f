/** The six letters that a browser shows and the consumer types in the chat: they travel from browser to chat, never back. */
import type { Vault } from '../vault/vault.ts';

const letters = 'BCDFGHJKMNPQRSTVWXZ';

/**
 * A message that is a code and nothing else, as its six plain letters; undefined for every other message, which then
 * belongs to the bot (V1). Case, spaces, dashes and full-width letters do not count (V4).
 */
export function codeShape(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '');
  return /^[BCDFGHJKMNPQRSTVWXZ]{6}$/.test(plain) ? plain : undefined;
}

/**
 * The code of one browser for one attempt: derived from the browser's secret, so that it can be shown again and is
 * stored nowhere (S1). Six letters of nineteen: 47 million, against five tries.
 */
export function codeFor(vault: Pick<Vault, 'mac'>, attemptId: string, browser: string): string {
  const digest = vault.mac('code', `show|${attemptId}|${browser}`);
  let code = '';
  // 32 digits of base64url, five for each letter: the bias of the remainder is below one in a million.
  for (let i = 0; i < 6; i += 1) code += letters[number(digest.slice(i * 5, i * 5 + 5)) % letters.length];
  return code;
}

/** As people read it: two groups of three. */
export function shownCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** What is stored of a code. Bound to its attempt: the same letters elsewhere are another hash (V3). */
export function codeHash(vault: Pick<Vault, 'mac'>, attemptId: string, code: string): string {
  return vault.mac('code', `hash|${attemptId}|${code}`);
}

/** Compares two hashes of the same kind in a time that says nothing about where they differ (V7). */
export function sameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ (b.charCodeAt(i) || 0);
  return difference === 0;
}

const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function number(digits: string): number {
  let value = 0;
  for (const digit of digits) value = value * 64 + base64Url.indexOf(digit);
  return value;
}
