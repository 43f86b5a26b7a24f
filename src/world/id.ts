import type { Random } from './world.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** An opaque id such as `conv_…`: the prefix names the kind for people, the rest has at least 128 random bits. */
export function newId(random: Random, prefix: string): string {
  let rest = '';
  for (const byte of random.bytes(25)) rest += alphabet[byte % 36];
  return `${prefix}_${rest}`;
}

/** URL-safe random text of `bytes` random bytes, for tokens, states and verifiers. */
export function randomText(random: Random, bytes: number): string {
  return toBase64Url(random.bytes(bytes));
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
