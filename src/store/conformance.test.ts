import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../world/problem.ts';
import { systemClock } from '../world/world.ts';
import type { Database, Transaction } from './database.ts';
import { migrate } from './migrate.ts';
import { testDatabases } from './test-database.ts';
import { UniqueViolation } from './unique-violation.ts';

const insert = (tx: Transaction, id: string, name = 'Acme') =>
  tx.run('INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)', id, name, 1_700_000_000_000);

describe.each(await testDatabases())('the store on $kind', ({ open, place }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  const account = (id: string) => db.get<{ name: string }>('SELECT name FROM account WHERE id = ?', id);

  test('gives back what was written: text, whole numbers beyond 32 bits, null', async () => {
    const text = 'naïve "quotes" \'single\' ? 日本 🧭\n';
    await db.write((tx) => insert(tx, 'round', text));
    const row = await db.get(
      "SELECT id, name, created_at, NULL AS gone, created_at = 5 AS truth, '?' AS mark FROM account WHERE id = ?",
      'round',
    );
    expect(row).toEqual({ id: 'round', name: text, created_at: 1_700_000_000_000, gone: null, truth: 0, mark: '?' });
    expect(await db.get('SELECT COUNT(*) AS n, SUM(created_at) AS s FROM account WHERE id = ?', 'round')).toEqual({
      n: 1,
      s: 1_700_000_000_000,
    });
    expect(await account('nobody')).toBeUndefined();
  });

  test('RL-01 a work that throws undoes itself and nothing else, among works of the same commit', async () => {
    const works = Array.from({ length: 20 }, (_, i) =>
      db.write(async (tx) => {
        await insert(tx, `group_${i}`);
        if (i % 3 === 0) throw new Error(`work ${i}`);
        return i;
      }),
    );
    const ends = await Promise.allSettled(works);
    const rows = await db.all<{ id: string }>("SELECT id FROM account WHERE id LIKE 'group%'");
    const kept = Array.from({ length: 20 }, (_, i) => i).filter((i) => i % 3 !== 0);
    expect(rows.map(({ id }) => id).sort()).toEqual(kept.map((i) => `group_${i}`).sort());
    expect(ends.map(({ status }) => status === 'fulfilled')).toEqual(ends.map((_, i) => i % 3 !== 0));
    expect(ends[0]).toMatchObject({ reason: { message: 'work 0' } });
  });

  test('who hears early hears once, of what is not undone, and finds it when he looks', async () => {
    const heard: Promise<unknown>[] = [];
    const hear = (id: string) => void heard.push(account(id));
    const add = (id: string, fail = false) =>
      db.write(async (tx) => {
        await insert(tx, id, id);
        if (fail) throw new Error('undone');
        return id;
      }, hear);
    await Promise.allSettled([add('early_1'), add('early_2', true), add('early_3')]);
    const found = await Promise.all(heard);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([{ name: 'early_1' }, { name: 'early_3' }]));
  });

  test('a read of what is durable finds all that was answered, and waits for nobody who heard early', async () => {
    const name = (id: string) => db.getDurable<{ name: string }>('SELECT name FROM account WHERE id = ?', id);
    const order: string[] = [];
    const heard: Promise<unknown>[] = [];
    const add = async (tx: Transaction) => await insert(tx, 'durable', 'durable');
    await db.write(add, () => {
      heard.push(name('nobody').then(() => order.push('read')));
      heard.push(account('durable').then(() => order.push('waited')));
    });
    expect(await name('durable')).toEqual({ name: 'durable' });
    await Promise.all(heard);
    if (db.kind === 'sqlite') expect(order).toEqual(['read', 'waited']);
  });

  test('a key that is taken is a UniqueViolation, and undoes the transaction even when the work catches it', async () => {
    await db.write((tx) => insert(tx, 'taken'));
    await expect(db.write((tx) => insert(tx, 'taken'))).rejects.toBeInstanceOf(UniqueViolation);
    const stubborn = db.write(async (tx) => {
      await insert(tx, 'stubborn');
      await insert(tx, 'taken').catch(() => 0);
    });
    await expect(stubborn).rejects.toThrow();
    expect(await account('stubborn')).toBeUndefined();
  });

  test('ON CONFLICT and RETURNING work, and changed rows are counted', async () => {
    const again = (tx: Transaction) =>
      tx.run("INSERT INTO account (id, name, created_at) VALUES ('once', 'x', 1) ON CONFLICT DO NOTHING");
    expect(await db.write(again)).toBe(1);
    expect(await db.write(again)).toBe(0);
    const row = await db.write((tx) => tx.get("UPDATE account SET name = 'y' WHERE id = 'once' RETURNING name"));
    expect(row).toEqual({ name: 'y' });
    expect(await db.write((tx) => tx.run("UPDATE account SET name = 'z' WHERE id = 'none'"))).toBe(0);
  });

  test('foreign keys hold', async () => {
    const orphan = db.write((tx) =>
      tx.run("INSERT INTO api_key (id, account_id, hash, name, created_at) VALUES ('k', 'nobody', 'h', 'n', 1)"),
    );
    await expect(orphan).rejects.toThrow();
  });

  test('reads outside see committed data only, reads inside see their own', async () => {
    let outside: Promise<unknown> | undefined;
    await db
      .write(async (tx) => {
        await insert(tx, 'unseen');
        expect(await tx.get('SELECT name FROM account WHERE id = ?', 'unseen')).toEqual({ name: 'Acme' });
        outside = account('unseen');
        await tx.get('SELECT 1 AS one');
        throw new Error('undo');
      })
      .catch(() => {});
    expect(await outside).toBeUndefined();
  });

  test('a read sees what a resolved write wrote', async () => {
    await db.write((tx) => insert(tx, 'own_write', 'new'));
    expect(await account('own_write')).toEqual({ name: 'new' });
  });

  test('a transaction that is over takes no more statements', async () => {
    const kept = await db.write(async (tx) => ({ tx }));
    await expect(insert(kept.tx, 'late')).rejects.toThrow('The transaction is over.');
    expect(await account('late')).toBeUndefined();
  });

  test('refuses what the two stores would take differently: U+0000, fractions, writes outside a transaction', async () => {
    await expect(db.write((tx) => insert(tx, 'nul', 'a\0b'))).rejects.toMatchObject({ code: 'invalid_body' });
    await expect(db.get('SELECT name FROM account WHERE created_at = ?', 1.5)).rejects.toThrow(TypeError);
    await expect(db.all("DELETE FROM account WHERE id = 'round'")).rejects.toThrow('Only reads run outside');
  });

  test('a statement that is wrong is an error of its own, not an unavailable database', async () => {
    const wrong = db.write((tx) => tx.run('INSERT INTO nowhere (id) VALUES (1)'));
    await expect(wrong).rejects.not.toBeInstanceOf(Problem);
  });

  test('I3 of 50 compare-and-set updates from the same version exactly one wins', async () => {
    await db.write((tx) => insert(tx, 'raced', '0'));
    const racers = Array.from({ length: 50 }, (_, i) =>
      db.write((tx) => tx.run("UPDATE account SET name = ? WHERE id = 'raced' AND name = '0'", `w${i}`)),
    );
    expect((await Promise.all(racers)).filter((changed) => changed === 1)).toHaveLength(1);
  });

  test('more different statements than are kept prepared still answer', async () => {
    const texts = Array.from({ length: 1_100 }, (_, i) => `SELECT ${i} AS n`);
    const rows = await Promise.all(texts.map((text) => db.get<{ n: number }>(text)));
    expect(rows.map((row) => row?.n)).toEqual(texts.map((_, i) => i));
  });

  test('a closed store answers unavailable, and closing twice is no error', async () => {
    const own = await place();
    const database = own.open();
    await database.write((tx) => tx.run('CREATE TABLE t (id TEXT)'));
    await database.close();
    await database.close();
    await expect(database.get('SELECT 1 AS one')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(database.write(async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
    await own.remove();
  });

  test('migrations: two nodes at once apply them once, a second run changes nothing, edited or newer ones are refused', async () => {
    const own = await place();
    const [one, two] = [own.open(), own.open()];
    const first = { name: '001-a.sql', sql: '-- why; not\nCREATE TABLE a (id TEXT);\nCREATE TABLE b (id TEXT);\n' };
    const second = { name: '002-c.sql', sql: 'CREATE TABLE c (id TEXT);' };
    const applied = await Promise.all([migrate(one, systemClock, [first]), migrate(two, systemClock, [first])]);
    expect(applied.flat()).toEqual(['001-a.sql']);
    expect(await migrate(two, systemClock, [first, second])).toEqual(['002-c.sql']);
    expect(await migrate(one, systemClock, [first, second])).toEqual([]);
    await expect(migrate(one, systemClock, [first])).rejects.toThrow('older than the data');
    const edited = { ...first, sql: 'CREATE TABLE other (id TEXT);' };
    await expect(migrate(one, systemClock, [edited, second])).rejects.toThrow('001-a.sql was changed');
    const broken = { name: '003-d.sql', sql: 'CREATE TABLE d (id TEXT);\nCREATE TABLE a (id TEXT);' };
    await expect(migrate(one, systemClock, [first, second, broken])).rejects.toThrow();
    await expect(one.get('SELECT id FROM d')).rejects.toThrow();
    await Promise.all([one.close(), two.close()]);
    await own.remove();
  });
});
