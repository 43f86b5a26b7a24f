import { expect, test } from 'vitest';
import { createVault } from '../vault/create-vault.ts';
import { createRootKey, rootKeysOf } from '../vault/root-key.ts';
import { Secret } from '../world/secret.ts';
import { silentLog, systemClock, systemRandom } from '../world/world.ts';
import { createCredential, findCredential, staticCredentialNamed } from './credential.ts';
import { createKeyStore } from './data-key.ts';
import { migrate } from './migrate.ts';
import { retireDataKeys } from './retire-data-keys.ts';
import { credentialSecretColumn, credentialSecretOwner, resealColumn } from './sealed-column.ts';
import { openSqlite } from './sqlite.ts';

test('DP-04 the secret of a credential moves to a new key, and its old key is kept until then', async () => {
  const db = openSqlite({ file: ':memory:' });
  await migrate(db, systemClock);
  await db.write((tx) => tx.run("INSERT INTO account (id, name, created_at) VALUES ('acc', 'A', 1)"));
  const rootKeys = rootKeysOf([createRootKey(systemRandom.bytes(32), systemRandom)]);
  const world = { clock: systemClock, random: systemRandom, log: silentLog };
  const vault = await createVault({ keyStore: createKeyStore(db), rootKeys, world });
  const owner = credentialSecretOwner({ id: 'cred', account_id: 'acc' });
  const row = { id: 'cred', account_id: 'acc', name: 'Token', type: 'access_token', import_id: 'i-7' } as const;
  const document = { mode: 'static', origins: ['https://api.example'] } as const;
  const secret = await vault.seal(new Secret('tok-1'), owner);
  await db.write((tx) =>
    createCredential(tx, {
      ...row,
      document: { ...document, origins: [...document.origins] },
      identity_provider_id: null,
      secret,
      at: 1,
    }),
  );
  await vault.rotateDataKeys();
  const later = systemClock.now() + 1_000;
  expect((await retireDataKeys(db, later)).needed.length).toBe(1);
  expect(await resealColumn(db, credentialSecretColumn, vault.reseal)).toEqual({ seen: 1, moved: 1 });
  expect((await retireDataKeys(db, later)).retired.length).toBe(1);
  const found = await findCredential(db, 'acc', 'cred');
  expect(found?.secret).not.toBe(secret);
  expect((await vault.open(found?.secret ?? '', owner)).reveal()).toBe('tok-1');
  await expect(vault.open(found?.secret ?? '', { ...owner, row: 'other' })).rejects.toThrow();
  expect((await staticCredentialNamed(db, 'acc', 'import:i-7'))?.id).toBe('cred');
  expect(await staticCredentialNamed(db, 'stranger', 'Token')).toBeUndefined();
  await db.close();
});
