import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { silentLog, systemClock } from '../world/world.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** A kind of store to run a suite on: `describe.each(await testDatabases())('on $kind', ({ open }) => …)`. */
export interface TestStore {
  kind: Database['kind'];
  /** A fresh, migrated database; `close` also removes it. */
  open(): Promise<Database>;
  /** A fresh one without a schema, and a second way in, for tests of the store itself. */
  place(): Promise<{ open(): Database; remove(): Promise<void> }>;
}

const defaultUrl = 'postgres://postgres@127.0.0.1:5432/postgres';

/** SQLite always; PostgreSQL where it answers. Where it does not, that is said, and with `CI=true` it is a failure. */
export async function testDatabases(): Promise<TestStore[]> {
  const url = process.env.ERRAND_TEST_DATABASE_URL ?? defaultUrl;
  const problem = await whyNotAnswering(url);
  if (problem === undefined) return [store('sqlite', sqlitePlace), store('postgres', () => postgresPlace(url))];
  const { host } = new URL(url);
  if (process.env.CI === 'true') throw new Error(`PostgreSQL at ${host} does not answer: ${problem}`);
  process.stderr.write(`PostgreSQL at ${host} does not answer (${problem}): this suite runs on SQLite only.\n`);
  return [store('sqlite', sqlitePlace)];
}

function store(kind: Database['kind'], place: TestStore['place']): TestStore {
  async function open(): Promise<Database> {
    const { open: openHere, remove } = await place();
    const database = openHere();
    await migrate(database, systemClock);
    const close = async () => {
      await database.close();
      await remove();
    };
    return { ...database, close };
  }
  return { kind, open, place };
}

async function sqlitePlace(): ReturnType<TestStore['place']> {
  const folder = mkdtempSync(join(tmpdir(), 'errand-store-'));
  return {
    open: () => openSqlite({ file: join(folder, 'errand.db') }),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function postgresPlace(url: string): ReturnType<TestStore['place']> {
  const name = `errand_test_${crypto.randomUUID().replaceAll('-', '')}`;
  await administer(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    open: () => openPostgres({ url: own.href, log: silentLog }),
    remove: () => administer(url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function whyNotAnswering(url: string): Promise<string | undefined> {
  try {
    await administer(url, 'SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => {});
  }
}
