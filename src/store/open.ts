import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world/world.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { holdSingleServer } from './single-server.ts';
import { openSqlite } from './sqlite.ts';

export interface StoreSettings {
  /** Folder of the embedded database, made when it is not there. */
  dataDir: string;
  /** `postgres://…` instead of the embedded database. */
  databaseUrl?: string;
  /** Set by a server, with its process id: the embedded database takes one server only. `admin` and `keys` leave it out. */
  server?: { pid: number };
}

/** Opens the configured store and brings its schema up to date. Throws with what to do when another server holds the data folder. */
export async function openStore(settings: StoreSettings, world: World): Promise<Database> {
  const opened =
    settings.databaseUrl === undefined ? openEmbedded(settings, world) : await openGrown(settings.databaseUrl, world);
  try {
    const applied = await migrate(opened, world.clock);
    if (applied.length > 0) world.log.info({ store: opened.kind, applied }, 'the schema was brought up to date');
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Its driver is loaded only where it is used: the embedded start is quicker and smaller without it. */
async function openGrown(url: string, world: World): Promise<Database> {
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres({ url, log: world.log });
}

function openEmbedded({ dataDir, server }: StoreSettings, world: World): Database {
  // Tokens are sealed, transcripts are not: nobody else on the machine reads this folder.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = server === undefined ? () => {} : holdSingleServer(join(dataDir, 'errand.lock'), server.pid);
  const file = join(dataDir, 'errand.db');
  // Made here because SQLite would make it readable for everyone; its log and index files take the mode over.
  closeSync(openSync(file, 'a', 0o600));
  const database = openSqlite({ file, log: world.log });
  return {
    ...database,
    async close() {
      await database.close();
      release();
    },
  };
}
