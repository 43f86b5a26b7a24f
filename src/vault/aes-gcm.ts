import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { Random } from '../world/world.ts';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
/** Said explicitly wherever a cipher is made: without it Node takes tags of 4 bytes too, which can be guessed (DP-02). */
const authTagLength = 16;

/** A text was changed, cut, or stands where it does not belong. Says nothing about which, on purpose. */
export class BrokenSeal extends Error {
  constructor() {
    super('A sealed text was changed, cut, or belongs elsewhere.');
    this.name = 'BrokenSeal';
  }
}

/** Nonce, ciphertext and tag in base64url. The nonce is 96 random bits: below 2^32 texts per key it does not repeat. */
export function encrypt(key: KeyObject, plain: Uint8Array, bound: { additional: Uint8Array; random: Random }): string {
  const nonce = bound.random.bytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength });
  cipher.setAAD(bound.additional);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** Throws `BrokenSeal`. */
export function decrypt(key: KeyObject, text: string, additional: Uint8Array): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  // Base64 has several spellings of the same bytes; only the one that was written counts as unchanged.
  if (bytes.length < nonceLength + authTagLength || bytes.toString('base64url') !== text) throw new BrokenSeal();
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength });
  decipher.setAAD(additional);
  decipher.setAuthTag(bytes.subarray(bytes.length - authTagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceLength, -authTagLength)), decipher.final()]);
  } catch {
    throw new BrokenSeal();
  }
}

/** Parts joined so that no two different lists give the same bytes: each comes after its own length. */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
