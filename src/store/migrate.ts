import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../world/world.ts';
import type { Database, Transaction } from './database.ts';

/** One migration: a file name such as `001-first.sql`, and its text. */
export interface Migration {
  name: string;
  sql: string;
}

/** The same for every node, so that two that start at once do not both migrate. */
const advisoryLock = 4_300_001;

/**
 * Brings the schema up to date: the migrations not yet applied, in the order of their names, all in one transaction.
 * Returns the names applied. Throws when the database is newer than this program, or an applied migration was edited.
 */
export async function migrate(database: Database, clock: Clock, migrations = shippedMigrations()): Promise<string[]> {
  return database.write(async (tx) => {
    if (database.kind === 'postgres') await tx.all('SELECT pg_advisory_xact_lock(?)', advisoryLock);
    await tx.run(
      'CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, hash TEXT NOT NULL, applied_at BIGINT NOT NULL)',
    );
    const applied = await appliedHashes(tx);
    assertKnown(applied, migrations);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(tx, migration, clock.now());
    return missing.map(({ name }) => name);
  });
}

/** Read at once and not awaited, because a transaction may await nothing but itself. */
export function shippedMigrations(): Migration[] {
  const folder = new URL('./migrations/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));
}

async function appliedHashes(tx: Transaction): Promise<Map<string, string>> {
  const rows = await tx.all<{ name: string; hash: string }>('SELECT name, hash FROM migration');
  return new Map(rows.map(({ name, hash }) => [name, hash]));
}

function assertKnown(applied: Map<string, string>, migrations: Migration[]): void {
  const known = new Map(migrations.map(({ name, sql }) => [name, hashOf(sql)]));
  for (const [name, hash] of applied) {
    if (!known.has(name)) {
      throw new Error(
        `The database has the migration ${name}, which this Errand does not know: it is older than the data. Start the newer one.`,
      );
    }
    if (known.get(name) !== hash) {
      throw new Error(
        `The migration ${name} was changed after it was applied here. Start from an empty database, or restore the file.`,
      );
    }
  }
}

async function apply(tx: Transaction, migration: Migration, at: number): Promise<void> {
  for (const statement of statementsOf(migration.sql)) await tx.run(statement);
  await tx.run(
    'INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)',
    migration.name,
    hashOf(migration.sql),
    at,
  );
}

/** The statements of a migration: each ends with `;` at the end of a line, comments stand on lines of their own. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
