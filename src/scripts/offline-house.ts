import type { BotDocument } from '../bot/document.ts';
import { createBots, type LoadedBot } from '../runtime/bots.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createAccount } from '../store/account.ts';
import { createBot } from '../store/bot.ts';
import { publishBot } from '../store/bot-version.ts';
import { createKeyStore } from '../store/data-key.ts';
import type { Database } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createVault } from '../vault/create-vault.ts';
import { createRootKey, rootKeyLength, rootKeysOf } from '../vault/root-key.ts';
import type { Vault } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { type Clock, silentLog, systemClock, systemRandom } from '../world/world.ts';

/** What all rehearsed conversations of a process share: a store in memory, one sandbox, each bot compiled once. */
export interface OfflineHouse {
  db: Database;
  vault: Vault;
  /** Starts its jails with the first script. */
  sandbox(): Sandbox;
  load(document: BotDocument): Promise<LoadedBot>;
  close(): Promise<void>;
}

/**
 * Scripts have the processor time they have on a server, but what does not end by itself is killed later: a machine that
 * is busy with a build should not fail a test.
 */
const patientClock: Clock = { ...systemClock, alarm: (ms, ring) => systemClock.alarm(ms + 5_000, ring) };

export async function openOfflineHouse(): Promise<OfflineHouse> {
  const world = { clock: systemClock, random: systemRandom, log: silentLog };
  const db = openSqlite({ file: ':memory:' });
  await migrate(db, world.clock);
  const rootKeys = rootKeysOf([createRootKey(systemRandom.bytes(rootKeyLength), systemRandom)]);
  const vault = await createVault({ keyStore: createKeyStore(db), rootKeys, world });
  const bots = createBots(db);
  const loaded = new Map<BotDocument, Promise<LoadedBot>>();
  let sandbox: Sandbox | undefined;

  async function load(document: BotDocument): Promise<LoadedBot> {
    const bot = { id: newId(systemRandom, 'bot'), account_id: newId(systemRandom, 'acc') };
    const at = systemClock.now();
    const version = await db.write(async (tx) => {
      await createAccount(tx, { id: bot.account_id, name: 'Scripts', at });
      await createBot(tx, { ...bot, name: document.name, draft: document, embed_origins: [], at });
      return await publishBot(tx, bot, at);
    });
    return await bots.version(bot.id, version.number);
  }

  return {
    db,
    vault,
    sandbox: () => (sandbox ??= createSandbox({ ...world, clock: patientClock })),
    load(document) {
      const known = loaded.get(document) ?? load(document);
      loaded.set(document, known);
      return known;
    },
    async close() {
      await sandbox?.close();
      await db.close();
    },
  };
}
