/** Run as a process of its own, to be killed: moves every stored token to the newest keys, and says each step before it takes it. */
import { writeSync } from 'node:fs';
import { tokenColumns } from '../src/delegation/sealed-columns.ts';
import { createKeyStore } from '../src/store/data-key.ts';
import { clientSecretColumn, resealColumn } from '../src/store/sealed-column.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { createVault } from '../src/vault/create-vault.ts';
import { addRootKey, loadRootKeys } from '../src/vault/load-root-keys.ts';
import type { SealedFor } from '../src/vault/vault.ts';
import { systemClock, systemRandom } from '../src/world/world.ts';

const [databaseFile = '', keyFile = ''] = process.argv.slice(2);
const say = () => writeSync(1, '.');

const database = openSqlite({ file: databaseFile });
say();
addRootKey(keyFile, systemRandom);
say();
const rootKeys = loadRootKeys({ file: keyFile, production: false, mayGenerate: false, random: systemRandom });
const stored = createKeyStore(database);
const keyStore: typeof stored = {
  ...stored,
  add: (key) => (say(), stored.add(key)),
  rewrap: (key, to) => (say(), stored.rewrap(key, to)),
};
const vault = await createVault({ keyStore, rootKeys, world: { clock: systemClock, random: systemRandom } });
const reseal = (sealed: string, owner: SealedFor) => (say(), vault.reseal(sealed, owner));
await vault.rewrapDataKeys();
await vault.rotateDataKeys();
await resealColumn(database, clientSecretColumn, reseal);
for (const column of tokenColumns) await resealColumn(database, column, reseal);
await database.close();
