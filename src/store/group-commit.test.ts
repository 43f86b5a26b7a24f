import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database, Transaction } from './database.ts';
import { createGroupCommit, type Writer } from './group-commit.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let db: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'errand-group-'));
  db = openSqlite({ file: join(folder, 'errand.db') });
  await db.write((tx) => tx.run('CREATE TABLE t (id BIGINT PRIMARY KEY)'));
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (id: number) => db.write((tx) => tx.run('INSERT INTO t (id) VALUES (?)', id));
const ids = async () => (await db.all<{ id: number }>('SELECT id FROM t ORDER BY id')).map(({ id }) => id);

/** A writer that only keeps a record of what it was told. */
function recordingWriter(commit: () => void = () => {}): { said: string[]; writer: Writer } {
  const said: string[] = [];
  let open = false;
  const say = (word: string) => () => void said.push(word);
  const tx: Transaction = { all: async () => [], get: async () => undefined, run: async () => 1 };
  const writer: Writer = {
    begin: () => {
      said.push('begin');
      open = true;
    },
    commit: () => {
      said.push('commit');
      commit();
      open = false;
    },
    rollback: () => {
      said.push('rollback');
      open = false;
    },
    savepoint: say('savepoint'),
    releaseSavepoint: say('release'),
    rollbackToSavepoint: say('back'),
    inTransaction: () => open,
    openTransaction: () => ({ tx, failure: () => undefined, end: () => {} }),
  };
  return { said, writer };
}

test('the writes of one tick share one commit; only the first goes without a savepoint', async () => {
  const { said, writer } = recordingWriter();
  const group = createGroupCommit(writer);
  const fail = async () => {
    throw new Error('undone');
  };
  await Promise.allSettled([
    group.write(fail),
    group.write(async () => 1),
    group.write(async () => 2),
    group.write(fail),
  ]);
  expect(said).toEqual([
    'begin',
    'rollback',
    'begin',
    'savepoint',
    'release',
    'savepoint',
    'back',
    'release',
    'commit',
  ]);
});

test('a commit that fails rejects every work of its group, and the next group goes on', async () => {
  let failing = true;
  const { writer } = recordingWriter(() => {
    if (failing) throw new Error('disk full');
  });
  const group = createGroupCommit(writer);
  const ends = await Promise.allSettled([group.write(async () => 1), group.write(async () => 2)]);
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected']);
  failing = false;
  expect(await group.write(async () => 3)).toBe(3);
});

test('a savepoint that cannot be undone rejects the whole group, and the next one begins anew', async () => {
  const { said, writer } = recordingWriter();
  let failing = true;
  const broken: Writer = {
    ...writer,
    rollbackToSavepoint: () => {
      if (failing) throw new Error('I/O error');
    },
  };
  const group = createGroupCommit(broken);
  const fail = async () => {
    throw new Error('undone');
  };
  const ends = await Promise.allSettled([group.write(async () => 1), group.write(fail)]);
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected']);
  failing = false;
  expect(await group.write(async () => 3)).toBe(3);
  expect(said).toEqual(['begin', 'savepoint', 'rollback', 'begin', 'commit']);
});

test('no work is answered before its commit', async () => {
  const order: string[] = [];
  const { writer } = recordingWriter(() => order.push('commit'));
  const group = createGroupCommit(writer);
  await Promise.all([1, 2, 3].map((n) => group.write(async () => n).then((answer) => order.push(`answer ${answer}`))));
  expect(order).toEqual(['commit', 'answer 1', 'answer 2', 'answer 3']);
});

test('what is written by who hears early shares the commit, and nobody is answered before it', async () => {
  const { said, writer } = recordingWriter();
  const group = createGroupCommit(writer);
  const written: Promise<unknown>[] = [];
  const note = (word: string) => void said.push(word);
  // As a turn does: some steps of its own, then its write.
  const goOn = async (n: number) => {
    await Promise.resolve();
    await group.write(async () => note(`turn ${n}`)).then(() => note(`turn ${n} answered`));
  };
  const accept = (n: number) =>
    group.write(
      async () => note(`message ${n}`),
      () => written.push(goOn(n)),
    );
  await Promise.all([1, 2].map((n) => accept(n).then(() => note(`message ${n} answered`))));
  await Promise.all(written);
  expect(said.filter((word) => !/savepoint|release/.test(word))).toEqual([
    'begin',
    'message 1',
    'message 2',
    'turn 1',
    'turn 2',
    'commit',
    'message 1 answered',
    'message 2 answered',
    'turn 1 answered',
    'turn 2 answered',
  ]);
});

test('I1 a commit that fails also rejects what was written by who heard early', async () => {
  const { writer } = recordingWriter(() => {
    throw new Error('disk full');
  });
  const group = createGroupCommit(writer);
  let turn: Promise<number> | undefined;
  const message = group.write(
    async () => 1,
    () => {
      turn = group.write(async () => 2);
      turn.catch(() => {});
    },
  );
  await expect(message).rejects.toThrow('disk full');
  await expect(turn).rejects.toThrow('disk full');
});

test('a work that awaits something else is undone and said, and holds up nobody', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const foreign = db.write(async (tx) => {
    await tx.run('INSERT INTO t (id) VALUES (1)');
    await once(server, 'listening');
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await tx.run('INSERT INTO t (id) VALUES (2)');
  });
  const others = [insert(3), insert(4)];
  await expect(foreign).rejects.toThrow('awaited something else than its transaction');
  await Promise.all(others);
  expect(await ids()).toEqual([3, 4]);
});

test('a work that waits for another write, which would wait for it, is undone instead of standing still', async () => {
  const nested = db.write(async (tx) => {
    await tx.run('INSERT INTO t (id) VALUES (1)');
    await insert(2);
  });
  await expect(nested).rejects.toThrow('awaited something else than its transaction');
  await insert(3);
  expect(await ids()).toEqual([2, 3]);
});

test('closing waits for what was queued before', async () => {
  const writes = [insert(1), insert(2)];
  await db.close();
  await Promise.all(writes);
  db = openSqlite({ file: join(folder, 'errand.db') });
  expect(await ids()).toEqual([1, 2]);
});

test('in memory, where one connection does both, a read outside waits for the commit or the undoing', async () => {
  const memory = openSqlite({ file: ':memory:' });
  await memory.write((tx) => tx.run('CREATE TABLE t (id BIGINT PRIMARY KEY)'));
  let outside: Promise<unknown[]> = Promise.resolve([]);
  const undone = memory.write(async (tx) => {
    await tx.run('INSERT INTO t (id) VALUES (1)');
    outside = memory.all('SELECT id FROM t');
    await tx.get('SELECT 1 AS one');
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
  expect(await outside).toEqual([]);
  await memory.close();
});

test('RL-18 with a full disk writes answer unavailable, all or nothing, reads go on, and space again is enough', async () => {
  await db.write((tx) => tx.run('CREATE TABLE big (id BIGINT PRIMARY KEY, body TEXT)'));
  const limit = (pages: number) => db.write((tx) => tx.get(`PRAGMA max_page_count = ${pages}`));
  const big = (id: number, length: number) =>
    db.write((tx) => tx.run('INSERT INTO big (id, body) VALUES (?, ?)', id, 'x'.repeat(length)));
  await limit(20);
  const ends = await Promise.allSettled([big(1, 10), big(2, 1_000_000), big(3, 10), big(4, 1_000_000), big(5, 10)]);
  const kept = (await db.all<{ id: number }>('SELECT id FROM big ORDER BY id')).map(({ id }) => id);
  expect(kept).toEqual([1, 2, 3, 4, 5].filter((id) => ends[id - 1]?.status === 'fulfilled'));
  expect(ends[1]).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  expect(ends[4]).toMatchObject({ status: 'fulfilled' });
  await limit(100_000);
  await big(6, 1_000_000);
  expect(await db.get('SELECT LENGTH(body) AS n FROM big WHERE id = 6')).toEqual({ n: 1_000_000 });
});
