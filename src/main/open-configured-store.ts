import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { withoutPassword } from '../config.ts';
import type { Database } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { Problem } from '../world/problem.ts';
import type { Log, World } from '../world/world.ts';
import { databaseFile, dataFolderFault, openDataFolder } from './data-folder.ts';
import { storeSettings } from './keys.ts';

export interface StoreUse {
  /** Set by a server: the embedded database takes one only. */
  server?: { pid: number };
  /** What is wanted is in the database already: an empty one is not made, but said to be missing. */
  existing?: boolean;
}

/** Opens the store of the settings. What keeps it from opening is thrown with the setting that mends it, without a stack. */
export async function openConfiguredStore(config: Config, world: World, use: StoreUse = {}): Promise<Database> {
  const { server, existing = false } = use;
  const settings = { ...storeSettings(config), ...(server ? { server } : {}) };
  if (config.databaseUrl !== undefined) return await openGrown(config, settings, world);
  if (existing && !existsSync(databaseFile(config.dataDir))) {
    throw new Error(
      `ERRAND_DATA_DIR ${config.dataDir} has no database yet: set ERRAND_DATA_DIR to the server's data folder, or make an account first with errand admin create-account.`,
    );
  }
  await openDataFolder(config.dataDir);
  try {
    return await openStore(settings, world);
  } catch (error) {
    throw isOfTheDisk(error) ? dataFolderFault(error, config.dataDir) : error;
  }
}

/** While it opens, what the store would log is the reason that is thrown. */
async function openGrown(config: Config, settings: Parameters<typeof openStore>[0], world: World): Promise<Database> {
  const hearing: { reason?: unknown; opened: boolean } = { opened: false };
  const log: Log = {
    debug: (fields, message) => world.log.debug(fields, message),
    info: (fields, message) => world.log.info(fields, message),
    warn: (fields, message) => world.log.warn(fields, message),
    error(fields, message) {
      if (hearing.opened) world.log.error(fields, message);
      else if ('err' in fields) hearing.reason = fields.err;
    },
  };
  try {
    const db = await openStore(settings, { ...world, log });
    hearing.opened = true;
    return db;
  } catch (error) {
    const isAway = error instanceof Problem && error.code === 'unavailable';
    if (!isAway && !isOfPostgres(error)) throw error;
    const place = withoutPassword(config.databaseUrl);
    throw new Error(
      `ERRAND_DATABASE_URL ${place} cannot be opened: ${reasonOf(hearing.reason ?? error)}. Start that database, or mend ERRAND_DATABASE_URL.`,
      { cause: error },
    );
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function isOfTheDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'errcode' in error || 'syscall' in error || (error instanceof Problem && error.code === 'unavailable');
}

/** Five signs, as every SQLSTATE has: a wrong password, no such database. */
function isOfPostgres(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(String(codeOf(error))) || codeOf(error) === 'ENOTFOUND';
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'nothing answers there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host';
  return error instanceof Error && error.message !== '' ? error.message : 'it does not answer';
}
