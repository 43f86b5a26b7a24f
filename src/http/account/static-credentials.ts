/** Credentials with a secret of their own, over the Account API: the secret goes in and never comes out again. */
import type { StaticCredential } from '../../api/static-credential.ts';
import { createCredential, type StaticCredentialRecord, updateCredential } from '../../store/credential.ts';
import type { Transaction } from '../../store/database.ts';
import { credentialSecretOwner } from '../../store/sealed-column.ts';
import type { Vault } from '../../vault/vault.ts';
import { newId } from '../../world/id.ts';
import { Secret } from '../../world/secret.ts';
import type { World } from '../../world/world.ts';
import type { Key, Write } from './resource.ts';
import { type StaticInput, staticSettings } from './static-credential-rules.ts';
import { wireTime } from './wire-time.ts';

type Parts = { vault: Vault; world: World };
/** `made`: a secret that was made for this credential, for the one answer that shows it. */
type Row = StaticCredentialRecord & { made?: string };

export async function newStatic(
  { vault, world }: Parts,
  { account_id, at }: { account_id: string; at: number },
  input: StaticInput,
): Promise<Write<Row>> {
  const { document, secret, made } = staticSettings(world.random, input, undefined);
  const id = newId(world.random, 'cred');
  const { name, type, import_id = null } = input;
  const sealed = await vault.seal(new Secret(secret ?? ''), credentialSecretOwner({ id, account_id }));
  const settings = { name, type, import_id, document, identity_provider_id: null, secret: sealed };
  return async (tx: Transaction) => {
    await createCredential(tx, { ...settings, id, account_id, at });
    const row = { ...settings, id, account_id, version: 1, created_at: at, updated_at: at };
    return made && secret !== null ? { ...row, made: secret } : row;
  };
}

export async function changedStatic(
  { vault, world }: Parts,
  { key, before, input }: { key: Key; before: StaticCredentialRecord; input: StaticInput },
): Promise<Write<Row>> {
  const { document, secret } = staticSettings(world.random, input, before);
  const sealed = secret === null ? before.secret : await vault.seal(new Secret(secret), credentialSecretOwner(before));
  const settings = { name: input.name, import_id: input.import_id ?? null, document, identity_provider_id: null };
  // What was decided from the row as it was read holds only while it is that row.
  const versioned = { ...key, version: key.version ?? before.version };
  return async (tx: Transaction) => {
    const { version, updated_at } = await updateCredential(tx, versioned, { ...settings, secret: sealed, at: key.at });
    return { ...before, ...settings, secret: sealed, version, updated_at };
  };
}

export function showStatic(row: Row): StaticCredential {
  const { mode: _, ...settings } = row.document;
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    ...settings,
    ...(row.made === undefined ? {} : { secret: row.made }),
    ...(row.import_id === null ? {} : { import_id: row.import_id }),
    version: row.version,
    created_at: wireTime(row.created_at),
    updated_at: wireTime(row.updated_at),
  };
}
