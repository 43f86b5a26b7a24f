import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Secret } from '../world/secret.ts';
import { BrokenSeal, decrypt, encrypt, lengthPrefixed } from './aes-gcm.ts';
import { createDataKeys, type DataKeyParts, type DataKeys, instance } from './data-keys.ts';
import type { SealedFor, Vault } from './vault.ts';

/** A vault with what an operator does to it. */
export interface KeyedVault extends Vault {
  /** A new active data key for each account; secrets sealed before still open. How many. */
  rotateDataKeys(): Promise<number>;
  /** Wraps every data key with the active root key. How many were not yet. */
  rewrapDataKeys(): Promise<number>;
  /** The same secret under the account's active key; undefined when it already is. Throws as `open` does. */
  reseal(sealed: string, owner: SealedFor): Promise<string | undefined>;
}

/** Sealed text: `e1.<data key id>.<nonce, ciphertext, tag>`. */
const format = 'e1';

/**
 * Opens the vault. Throws, before anything is changed, when the stored keys were wrapped by a root key that is not here (DP-05).
 * Within `Database.write` only seal and open for accounts whose key is in memory, or better: seal before the transaction.
 */
export async function createVault(parts: DataKeyParts): Promise<KeyedVault> {
  await assertRootKeys(parts);
  const keys = createDataKeys(parts);
  const { random } = parts.world;
  const mac = createMac((await keys.active(instance)).key.export());

  async function seal(secret: Secret, owner: SealedFor): Promise<string> {
    if (owner.account_id === instance) throw new Error('A sealed text belongs to an account.');
    const { id, key } = await keys.active(owner.account_id);
    const plain = Buffer.from(secret.reveal(), 'utf8');
    return `${format}.${id}.${encrypt(key, plain, { additional: additionalData(owner, id), random })}`;
  }

  async function open(sealed: string, owner: SealedFor): Promise<Secret> {
    return new Secret((await openWith(keys, sealed, owner)).toString('utf8'));
  }

  async function reseal(sealed: string, owner: SealedFor): Promise<string | undefined> {
    const secret = await open(sealed, owner);
    const { id } = await keys.active(owner.account_id);
    return keyIdOf(sealed) === id ? undefined : seal(secret, owner);
  }

  return { seal, open, mac, reseal, rotateDataKeys: keys.rotate, rewrapDataKeys: keys.rewrap };
}

async function assertRootKeys({ keyStore, rootKeys }: DataKeyParts): Promise<void> {
  const missing = (await keyStore.rootKeyIds()).filter((id) => rootKeys.find(id) === undefined);
  if (missing.length === 0) return;
  throw new Error(
    `The stored keys were wrapped with the root key ${missing.join(', ')}, and the one given is ${rootKeys.active.id}. ` +
      'Give that one back (ERRAND_MASTER_KEY, or the root key file of the data folder); nothing was changed.',
  );
}

async function openWith(keys: DataKeys, sealed: string, owner: SealedFor): Promise<Buffer> {
  const id = keyIdOf(sealed);
  const found = id === undefined ? undefined : await keys.find(id);
  if (id === undefined || found === undefined || found.account_id !== owner.account_id) throw new BrokenSeal();
  return decrypt(found.key, sealed.slice(format.length + id.length + 2), additionalData(owner, id));
}

function keyIdOf(sealed: string): string | undefined {
  const [version, id, , more] = sealed.split('.', 4);
  return version === format && id !== undefined && more === undefined ? id : undefined;
}

function additionalData(owner: SealedFor, keyId: string): Buffer {
  return lengthPrefixed([
    format,
    owner.account_id,
    owner.credential_id ?? '',
    owner.principal ?? '',
    owner.row,
    String(owner.generation ?? ''),
    owner.field,
    keyId,
  ]);
}

/** A key per purpose, so that a hash made for one can never be shown as one made for another. */
function createMac(key: Uint8Array): Vault['mac'] {
  const purposes = new Map<string, KeyObject>();
  const keyFor = (purpose: string) => {
    const known =
      purposes.get(purpose) ??
      createSecretKey(new Uint8Array(hkdfSync('sha256', key, '', `errand.mac/1 ${purpose}`, 32)));
    purposes.set(purpose, known);
    return known;
  };
  return (purpose, text) => createHmac('sha256', keyFor(purpose)).update(text, 'utf8').digest('base64url');
}
