import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A disk that needs longer than this for a few small steps is away. ms. */
const patience = 5_000;

/** The embedded database's file. */
export const databaseFile = (dataDir: string): string => join(dataDir, 'errand.db');

/**
 * Makes the data folder and looks whether a database can live there. Throws with `ERRAND_DATA_DIR` and what to do. Asked
 * without blocking, because a network disk that hangs would hang the signals that shall end the process, too.
 */
export async function openDataFolder(dataDir: string, limit = patience): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the disk does not answer')), limit);
  try {
    await Promise.race([late.promise, lookAt(dataDir)]);
  } catch (error) {
    throw dataFolderFault(error, dataDir);
  } finally {
    clearTimeout(timer);
  }
}

async function lookAt(dataDir: string): Promise<void> {
  // Tokens are sealed, transcripts are not: nobody else on the machine reads this folder.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  for (const name of ['errand.db', 'errand.lock']) {
    const found = await stat(join(dataDir, name)).catch(() => undefined);
    if (found && !found.isFile()) throw new Error(`${name} in it is not a file`);
  }
}

/** What is said of a data folder that cannot be used, whoever found out. */
export function dataFolderFault(error: unknown, dataDir: string): Error {
  const reason = error instanceof Error ? reasonOf(error) : 'it cannot be opened';
  return new Error(
    `ERRAND_DATA_DIR ${dataDir} cannot be used: ${reason}. Mend that, or set ERRAND_DATA_DIR to another folder.`,
    { cause: error },
  );
}

const reasons: Record<string, string> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'there is a file in the way',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOENT: 'it is not there and cannot be made',
};

/** SQLite's primary result codes. */
const sqliteReasons: Record<number, string> = {
  8: 'the database in it may not be written',
  10: 'the disk fails',
  11: 'the database in it is damaged',
  13: 'the disk is full',
  14: 'the database in it cannot be opened',
  26: 'errand.db in it is not a database',
};

function reasonOf(error: Error): string {
  if ('errcode' in error && typeof error.errcode === 'number')
    return sqliteReasons[error.errcode & 0xff] ?? error.message;
  if ('code' in error && typeof error.code === 'string') return reasons[error.code] ?? error.message;
  return error.message;
}
