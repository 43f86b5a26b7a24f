import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokenOwner } from '../src/delegation/token-owner.ts';
import { createAccount } from '../src/store/account.ts';
import { createKeyStore } from '../src/store/data-key.ts';
import type { Database } from '../src/store/database.ts';
import { createIdentityProvider } from '../src/store/identity-provider.ts';
import { migrate } from '../src/store/migrate.ts';
import { retireDataKeys } from '../src/store/retire-data-keys.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { createVault, type KeyedVault } from '../src/vault/create-vault.ts';
import { loadRootKeys } from '../src/vault/load-root-keys.ts';
import { Secret } from '../src/world/secret.ts';
import { systemClock, systemRandom } from '../src/world/world.ts';

const full = process.env.ERRAND_DRILL_VOLUME === 'full';
const accounts = full ? 10 : 3;
const tokensPerAccount = full ? 100 : 12;
const kills = full ? 100 : 8;

let folder: string;
let databaseFile: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'errand-rotation-'));
  databaseFile = join(folder, 'errand.db');
  keyFile = join(folder, 'root.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One node: its own connection to the database and its own reading of the keys. */
async function openNode(): Promise<{ database: Database; vault: KeyedVault }> {
  const database = openSqlite({ file: databaseFile });
  await migrate(database, systemClock);
  const keyStore = createKeyStore(database);
  const mayGenerate = (await keyStore.rootKeyIds()).length === 0;
  const rootKeys = loadRootKeys({ file: keyFile, production: false, mayGenerate, random: systemRandom });
  return {
    database,
    vault: await createVault({ keyStore, rootKeys, world: { clock: systemClock, random: systemRandom } }),
  };
}

const tokenText = (row: string, column: string) => `CANARY.${column}.${row}`;
const ownerOf = (account_id: string, id: string) => ({
  id,
  account_id,
  credential_id: 'cred',
  principal: `conv_${id}`,
  generation: 1,
});

async function fill({ database, vault }: Awaited<ReturnType<typeof openNode>>): Promise<void> {
  for (let a = 0; a < accounts; a += 1) {
    const account_id = `acc_${a}`;
    const id = `idp_${a}`;
    const owner = { account_id, field: 'identity_provider.client_secret', row: id };
    const client_secret = await vault.seal(new Secret(tokenText(id, 'client_secret')), owner);
    await database.write(async (tx) => {
      await createAccount(tx, { id: account_id, name: account_id, at: 1 });
      const document = { client_id: 'c', token_endpoint_auth_method: 'none', pkce: 'S256' } as const;
      await createIdentityProvider(tx, { id, account_id, name: id, document, client_secret, at: 1 });
    });
    for (let n = 0; n < tokensPerAccount; n += 1) await addConnection({ database, vault }, account_id, `con_${a}_${n}`);
  }
}

async function addConnection(
  node: Awaited<ReturnType<typeof openNode>>,
  account_id: string,
  id: string,
): Promise<void> {
  const owner = ownerOf(account_id, id);
  const seal = (column: 'access_token' | 'refresh_token') =>
    node.vault.seal(new Secret(tokenText(id, column)), tokenOwner(owner, column));
  const [access, refresh] = [await seal('access_token'), await seal('refresh_token')];
  await node.database.write((tx) =>
    tx.run(
      `INSERT INTO connection (id, account_id, credential_id, principal, issuer, resource, conversation_id, identity_provider_id, status,
         scope, level, generation, access_token, refresh_token, token_version, obtained_at, refresh_fence, created_at)
       VALUES (?, ?, 'cred', ?, 'https://id.example', '', ?, 'idp', 'active', '', 2, 1, ?, ?, 1, 1, 0, 1)`,
      id,
      account_id,
      owner.principal,
      owner.principal,
      access,
      refresh,
    ),
  );
}

/** Opens every stored secret and compares it; how many there were. Throws at the first that does not open. */
async function readEverything({ database, vault }: Awaited<ReturnType<typeof openNode>>): Promise<number> {
  const rows = await database.all<{ id: string; account_id: string; access_token: string; refresh_token: string }>(
    'SELECT id, account_id, access_token, refresh_token FROM connection',
  );
  for (const row of rows) {
    for (const column of ['access_token', 'refresh_token'] as const) {
      const secret = await vault.open(row[column], tokenOwner(ownerOf(row.account_id, row.id), column));
      expect(secret.reveal()).toBe(tokenText(row.id, column));
    }
  }
  const providers = await database.all<{ id: string; account_id: string; client_secret: string }>(
    'SELECT id, account_id, client_secret FROM identity_provider',
  );
  for (const { id, account_id, client_secret } of providers) {
    const owner = { account_id, field: 'identity_provider.client_secret', row: id };
    expect((await vault.open(client_secret, owner)).reveal()).toBe(tokenText(id, 'client_secret'));
  }
  return rows.length * 2 + providers.length;
}

/** Runs a rotation in a process of its own, killed at its `step`-th step. Returns how many steps it said. */
async function rotate(step: number): Promise<number> {
  const program = join(import.meta.dirname, 'key-rotation.test-parts.ts');
  const child = spawn(process.execPath, [program, databaseFile, keyFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  let steps = 0;
  child.stdout.on('data', (dots: Buffer) => {
    steps += dots.length;
    if (steps >= step) child.kill('SIGKILL');
  });
  const [code] = await once(child, 'close');
  if (step === Number.POSITIVE_INFINITY) expect(code).toBe(0);
  return steps;
}

test('DP-04 S3 a rotation killed at any point leaves no unreadable row, and the next one goes on to the end', async () => {
  const node = await openNode();
  await fill(node);
  const everything = await readEverything(node);
  const secrets = accounts * (tokensPerAccount * 2 + 1);
  expect(everything).toBe(secrets);
  for (let kill = 1; kill <= kills; kill += 1) {
    await rotate(1 + Math.floor((kill * secrets) / kills));
    // The server that ran all the while, and one that starts now.
    expect(await readEverything(node)).toBe(everything);
    const restarted = await openNode();
    expect(await readEverything(restarted)).toBe(everything);
    await restarted.database.close();
  }
  await rotate(Number.POSITIVE_INFINITY);
  expect(await readEverything(node)).toBe(everything);
  await node.database.close();

  const after = await openNode();
  const { needed } = await retireDataKeys(after.database, Date.now() + 1);
  expect(needed).toEqual([]);
  expect(await after.database.all('SELECT id FROM data_key WHERE active = 0')).toEqual([]);
  expect(await readEverything(after)).toBe(everything);
  await after.database.close();
});

test('S3 a data key that some stored text still needs is not retired', async () => {
  const node = await openNode();
  await fill(node);
  await node.vault.rotateDataKeys();
  const { retired, needed } = await retireDataKeys(node.database, Date.now() + 1);
  expect(retired).toEqual([]);
  expect(needed).toHaveLength(accounts);
  expect(await readEverything(node)).toBeGreaterThan(0);
  await node.database.close();
});
