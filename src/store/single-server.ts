import { DatabaseSync } from 'node:sqlite';

/**
 * Holds `errand.lock` so that only one server uses an embedded database. The lock is one of the operating system's on
 * that file (itself a tiny SQLite database that names the holder), so it ends with the process, however that ends:
 * there is no stale lock to remove. Throws with what to do when another server holds it. Returns what lets go.
 */
export function holdSingleServer(lockFile: string, pid: number): () => void {
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE;');
    lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder;');
    lock.prepare('INSERT INTO holder (pid) VALUES (?)').run(pid);
    // Others may still read who holds it, but no one else gets past BEGIN IMMEDIATE while this transaction stays open.
    lock.exec('COMMIT; BEGIN IMMEDIATE;');
  } catch (error) {
    const holder = holderOf(lock);
    lock.close();
    throw isBusy(error) ? new Error(heldBy(lockFile, holder)) : error;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}

function heldBy(lockFile: string, holder: number | undefined): string {
  const who = holder === undefined ? 'Another server' : `Another server (process ${holder})`;
  return `${who} uses this data folder: ${lockFile} is held. Stop it, or give this one a folder of its own with ERRAND_DATA_DIR, or use ERRAND_DATABASE_URL for more than one server.`;
}

function holderOf(lock: DatabaseSync): number | undefined {
  try {
    const pid = lock.prepare('SELECT pid FROM holder').get()?.pid;
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined; // the holder is writing its name at this very moment
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6);
}
