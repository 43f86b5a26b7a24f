import { createHmac, createSecretKey } from 'node:crypto';
import type { Random } from '../world/world.ts';
import { decrypt, encrypt, lengthPrefixed } from './aes-gcm.ts';

/** The key above all data keys. Behind this a file, the environment, or a key management service. */
export interface RootKey {
  id: string;
  /** `context` says what the key is for and must be the same when it is unwrapped. */
  wrap(key: Uint8Array, context: string): Promise<string>;
  /** Throws when the text or its context was changed, or another key wrapped it. */
  unwrap(wrapped: string, context: string): Promise<Uint8Array>;
}

export interface RootKeys {
  /** Wraps what is new. */
  active: RootKey;
  /** That key, if it is known here; it may have been added while the process runs. */
  find(id: string): RootKey | undefined;
}

export const rootKeyLength = 32;

/** A root key of 32 bytes held by this process. Its id comes from the key, so a wrong key is recognised by its name (DP-05). */
export function createRootKey(key: Uint8Array, random: Random): RootKey {
  if (key.length !== rootKeyLength) throw new RangeError(`A root key has ${rootKeyLength} bytes, not ${key.length}.`);
  const secret = createSecretKey(key);
  const id = `root_${createHmac('sha256', secret).update('errand root key id').digest('hex').slice(0, 16)}`;
  const bound = (context: string) => lengthPrefixed(['errand.data-key/1', id, context]);
  return {
    id,
    wrap: async (plain, context) => encrypt(secret, plain, { additional: bound(context), random }),
    unwrap: async (wrapped, context) => decrypt(secret, wrapped, bound(context)),
  };
}

/** The first key is active, the others only unwrap. */
export function rootKeysOf(keys: readonly RootKey[]): RootKeys {
  const [active] = keys;
  if (active === undefined) throw new Error('There is no root key.');
  return { active, find: (id) => keys.find((key) => key.id === id) };
}
