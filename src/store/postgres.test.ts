import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../world/world.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { testDatabases } from './test-database.ts';

const postgres = (await testDatabases()).filter(({ kind }) => kind === 'postgres');

/** Ends every other connection to this test's own database, as a restart or a failover does. */
const endOthers = (db: Database) =>
  db.all(
    'SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );

describe.each(postgres)('connections to $kind', ({ place }) => {
  test('RL-18 connections that die, idle or in a transaction, end no process and are replaced', async () => {
    const own = await place();
    const [db, other] = [own.open(), own.open()];
    await db.write((tx) => tx.run('CREATE TABLE t (id BIGINT)'));
    await endOthers(other);
    const during = db.write(async (tx) => {
      await tx.run('INSERT INTO t (id) VALUES (1)');
      await endOthers(other);
      await tx.run('INSERT INTO t (id) VALUES (2)');
    });
    await expect(during).rejects.toMatchObject({ code: 'unavailable' });
    await db.write((tx) => tx.run('INSERT INTO t (id) VALUES (3)'));
    expect(await db.all('SELECT id FROM t')).toEqual([{ id: 3 }]);
    await Promise.all([db.close(), other.close()]);
    await own.remove();
  });

  test('OP-03 a database that is gone, or takes no connections, is unavailable and no fault of ours', async () => {
    const own = await place();
    const db = own.open();
    await own.remove();
    await expect(db.get('SELECT 1 AS one')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(db.write(async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
    await db.close();
  });

  test('TN-08 of many transactions that fail in between, none leaves anything on its connection', async () => {
    const own = await place();
    const db = own.open();
    await db.write((tx) => tx.run('CREATE TABLE t (id BIGINT PRIMARY KEY)'));
    const works = Array.from({ length: 100 }, (_, i) =>
      db.write(async (tx) => {
        await tx.run('INSERT INTO t (id) VALUES (?)', i);
        if (i % 2 === 1) throw new Error('undone');
        if (i % 5 === 0) await tx.run('INSERT INTO t (id) VALUES (?)', i);
      }),
    );
    await Promise.allSettled(works);
    const rows = await db.all<{ id: number }>('SELECT id FROM t ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(
      Array.from({ length: 100 }, (_, i) => i).filter((i) => i % 2 === 0 && i % 5 !== 0),
    );
    await db.close();
    await own.remove();
  });
});

test('a server that is not there answers unavailable, and says nothing of the address', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const db = openPostgres({ url: `postgres://errand:hidden@127.0.0.1:${port}/errand`, log: silentLog });
  await expect(db.get('SELECT 1 AS one')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(db.write(async () => 1)).rejects.toThrow(/^The database is not available at the moment\.$/);
  await db.close();
});
