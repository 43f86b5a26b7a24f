import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ContextOwner,
  contextNamespaces,
  deleteContextNamespace,
  deleteContextValues,
  dropExpiredContext,
  forgetContext,
  holdContextNamespace,
  mostContextBytes,
  mostContextBytesInAll,
  mostContextNames,
  mostContextNamespaces,
  readContext,
  registerContextNamespace,
  setContextValue,
} from './context.ts';
import { insertConversation } from './conversation.ts';
import type { Database } from './database.ts';
import { testDatabases } from './test-database.ts';

const at = 1_700_000_000_000;

describe.each(await testDatabases())('the context service on $kind', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  const register = (account_id: string, name: string, ttl_s: number | null = null) =>
    db.write((tx) => registerContextNamespace(tx, { account_id, name, ttl_s, at }));
  const set = (owner: ContextOwner, values: Record<string, string>, when = at) =>
    db.write(async (tx) => {
      const kept: boolean[] = [];
      for (const [name, value] of Object.entries(values))
        kept.push(await setContextValue(tx, owner, { namespace: 'shop', name, value, at: when }));
      return kept.every((one) => one);
    });
  const read = async (owner: ContextOwner, when = at) => {
    const found = await readContext(db, owner, { namespace: 'shop', at: when });
    return found instanceof Map ? Object.fromEntries(found) : found;
  };
  const owner = (account_id: string, kind: ContextOwner['kind'] = 'global', id = account_id): ContextOwner => ({
    account_id,
    kind,
    id,
  });

  test('keeps what is set in a namespace that is registered, and nothing else', async () => {
    expect(await read(owner('one'))).toBeUndefined();
    expect(await set(owner('one'), { a: '1' })).toBe(false);
    expect(await register('one', 'shop')).toBe(true);
    expect(await read(owner('one'))).toEqual({});
    expect(await set(owner('one'), { a: '1' })).toBe(true);
    expect(await set(owner('one'), { a: '{"b":2}' })).toBe(true);
    expect(await read(owner('one'))).toEqual({ a: '{"b":2}' });
  });

  test('no account, consumer or conversation sees another’s', async () => {
    await register('x', 'shop');
    await register('y', 'shop');
    const owners = [owner('x'), owner('x', 'user', 'u1'), owner('x', 'user', 'u2'), owner('x', 'conversation', 'u1')];
    for (const [index, one] of owners.entries()) await set(one, { a: `${index}` });
    for (const [index, one] of owners.entries()) expect(await read(one)).toEqual({ a: `${index}` });
    expect(await read(owner('y'))).toEqual({});
    expect(await read(owner('y', 'user', 'u1'))).toEqual({});
    await db.write((tx) => deleteContextNamespace(tx, { account_id: 'y', name: 'shop' }));
    expect(await read(owner('x'))).toEqual({ a: '0' });
    expect(await contextNamespaces(db, 'y')).toEqual([]);
  });

  test('deletes one value, all of an owner, or the namespace with everything', async () => {
    await register('d', 'shop');
    const user = owner('d', 'user', 'u');
    for (const name of ['a', 'b', 'c']) await set(user, { [name]: '1' });
    await set(owner('d'), { a: '2' });
    await db.write((tx) => deleteContextValues(tx, user, { namespace: 'shop', name: 'a' }));
    expect(await read(user)).toEqual({ b: '1', c: '1' });
    await db.write((tx) => deleteContextValues(tx, user, { namespace: 'shop' }));
    expect([await read(user), await read(owner('d'))]).toEqual([{}, { a: '2' }]);
    await db.write((tx) => deleteContextNamespace(tx, { account_id: 'd', name: 'shop' }));
    await register('d', 'shop');
    expect(await read(owner('d'))).toEqual({});
  });

  test('a value expires its time to live after its last change, and another life is for later changes', async () => {
    await register('t', 'shop', 10);
    await set(owner('t'), { a: '1' });
    await set(owner('t'), { b: '1' }, at + 5_000);
    expect(await read(owner('t'), at + 9_999)).toEqual({ a: '1', b: '1' });
    expect(await read(owner('t'), at + 10_000)).toEqual({ b: '1' });
    await register('t', 'shop');
    await register('t', 'shop', 100);
    await set(owner('t'), { c: '1' }, at + 11_000);
    expect(await read(owner('t'), at + 15_000)).toEqual({ c: '1' });
    await db.write((tx) => dropExpiredContext(tx, { account_id: 't', namespace: 'shop', at: at + 11_000 }));
    const rows = await db.all("SELECT name FROM context_value WHERE account_id = 't' AND name = 'a'");
    expect(rows).toEqual([]);
  });

  test('SB-08 an account has so many namespaces, an owner so many names', async () => {
    await db.write(async (tx) => {
      for (let count = 0; count < mostContextNamespaces; count += 1)
        await registerContextNamespace(tx, {
          account_id: 'f',
          name: count === 0 ? 'shop' : `n${count}`,
          ttl_s: null,
          at,
        });
    });
    expect(await register('f', 'more')).toBe(false);
    expect(await register('f', 'n7')).toBe(true);
    expect(await contextNamespaces(db, 'f')).toHaveLength(mostContextNamespaces);
    await db.write(async (tx) => {
      for (let count = 0; count < mostContextNames; count += 1)
        await setContextValue(tx, owner('f'), { namespace: 'shop', name: `v${count}`, value: '1', at });
    });
    expect(await set(owner('f'), { more: '1' })).toBe(false);
    expect(await set(owner('f'), { v7: '2' })).toBe(true);
    expect(await set(owner('f', 'user', 'u'), { more: '1' })).toBe(true);
  });

  /** JSON of so many bytes; `é` has two. */
  const sized = (bytes: number) => `"é${'x'.repeat(bytes - 4)}"`;
  const setIn = (namespace: string, to: ContextOwner, [name, bytes]: [string, number]) =>
    db.write((tx) => setContextValue(tx, to, { namespace, name, value: sized(bytes), at }));

  test('SB-08 an owner has so many bytes in a namespace, whatever they are written in', async () => {
    await register('b', 'shop');
    const half = mostContextBytes / 2;
    expect(await setIn('shop', owner('b'), ['a', half])).toBe(true);
    expect(await setIn('shop', owner('b'), ['b', half + 1])).toBe(false);
    expect(await setIn('shop', owner('b'), ['b', half])).toBe(true);
    expect(await setIn('shop', owner('b'), ['c', 4])).toBe(false);
    expect(await setIn('shop', owner('b'), ['a', half + 1])).toBe(false);
    expect(await setIn('shop', owner('b'), ['a', half - 4])).toBe(true);
    expect(await setIn('shop', owner('b'), ['c', 4])).toBe(true);
    expect(await setIn('shop', owner('b', 'user', 'u'), ['a', half])).toBe(true);
    expect(Object.keys((await read(owner('b'))) ?? {})).toEqual(['a', 'b', 'c']);
  });

  test('SB-08 a consumer and a conversation have so many bytes and names in all namespaces', async () => {
    for (const name of ['n1', 'n2', 'n3']) await register('i', name);
    const half = mostContextBytesInAll / 2;
    for (const kind of ['user', 'conversation'] as const) {
      expect(await setIn('n1', owner('i', kind, 'u'), ['a', half])).toBe(true);
      expect(await setIn('n2', owner('i', kind, 'u'), ['a', half])).toBe(true);
      expect(await setIn('n3', owner('i', kind, 'u'), ['a', 4])).toBe(false);
      expect(await setIn('n3', owner('i', kind, 'other'), ['a', 4])).toBe(true);
    }
    for (const name of ['n1', 'n2', 'n3']) expect(await setIn(name, owner('i'), ['a', half])).toBe(true);
    await db.write(async (tx) => {
      for (let count = 0; count < mostContextNames; count += 1)
        await setContextValue(tx, owner('i', 'user', 'many'), { namespace: 'n1', name: `v${count}`, value: '1', at });
    });
    expect(await setIn('n2', owner('i', 'user', 'many'), ['a', 4])).toBe(false);
    expect(await setIn('n1', owner('i', 'user', 'many'), ['v7', 4])).toBe(true);
  });

  test('SB-08 what is larger than may be written is not loaded; what has expired of it does not count', async () => {
    await register('l', 'shop');
    const insert = (name: string, expires_at: number | null) =>
      db.write((tx) =>
        tx.run(
          `INSERT INTO context_value (account_id, namespace, owner_kind, owner_id, name, value, updated_at, expires_at)
           VALUES ('l', 'shop', 'global', 'l', ?, ?, ?, ?)`,
          name,
          sized(mostContextBytes),
          at,
          expires_at,
        ),
      );
    await insert('a', null);
    await insert('b', at + 1_000);
    expect(await read(owner('l'))).toBe('too_large');
    expect(Object.keys((await read(owner('l'), at + 1_000)) ?? {})).toEqual(['a']);
  });

  test('SB-08 two that hold the namespace at once keep its limit together', async () => {
    await register('h', 'shop');
    const both = ['a', 'b'].map((name) =>
      db.write(async (tx) => {
        await holdContextNamespace(tx, { account_id: 'h', name: 'shop' });
        const value = sized(mostContextBytes - 10);
        return setContextValue(tx, owner('h'), { namespace: 'shop', name, value, at });
      }),
    );
    expect((await Promise.all(both)).sort()).toEqual([false, true]);
  });

  test('LP-131 nothing that an account does reaches another that has the same names', async () => {
    const kinds = ['global', 'user', 'conversation'] as const;
    const [mine, theirs] = ['m1', 'm2'].map((account) => kinds.map((kind) => owner(account, kind, 'same')));
    for (const account of ['m1', 'm2']) await register(account, 'shop');
    for (const one of theirs ?? []) await set(one, { a: '"theirs"' });
    const untouched = async () => {
      for (const one of theirs ?? []) expect(await read(one)).toEqual({ a: '"theirs"' });
      expect(await contextNamespaces(db, 'm2')).toEqual(['shop']);
    };
    for (const one of mine ?? []) {
      expect(await read(one)).toEqual({});
      await set(one, { a: '"mine"' });
      await untouched();
      await db.write((tx) => deleteContextValues(tx, one, { namespace: 'shop', name: 'a' }));
      await untouched();
      await db.write((tx) => deleteContextValues(tx, one, { namespace: 'shop' }));
      await untouched();
    }
    await register('m1', 'own', 1);
    await register('m1', 'shop', 1);
    await db.write((tx) => dropExpiredContext(tx, { account_id: 'm1', namespace: 'shop', at: at + 1_000_000 }));
    await untouched();
    await db.write((tx) => deleteContextNamespace(tx, { account_id: 'm1', name: 'shop' }));
    await untouched();
    expect(await contextNamespaces(db, 'm1')).toEqual(['own']);
  });

  test('two nodes that register the same namespace at once both have it', async () => {
    const both = await Promise.all([register('r', 'shop'), register('r', 'shop'), register('r', 'shop')]);
    expect(both).toEqual([true, true, true]);
    expect(await contextNamespaces(db, 'r')).toEqual(['shop']);
  });

  test('a conversation that ends leaves nothing of itself and its consumer', async () => {
    await register('e', 'shop');
    const rest = {
      bot_id: 'b',
      bot_version: 1,
      channel: 'web',
      locale: 'en',
      browser_hash: null,
      state: '',
      at,
    } as const;
    for (const id of ['c1', 'c2'])
      await db.write((tx) =>
        insertConversation(tx, { ...rest, id, account_id: 'e', consumer_id: `of_${id}`, session_hash: id }),
      );
    const all = ['c1', 'c2'].flatMap((id) => [owner('e', 'conversation', id), owner('e', 'user', `of_${id}`)]);
    for (const one of [owner('e'), ...all]) await set(one, { a: '1' });
    await db.write((tx) => forgetContext(tx, 'c1'));
    const left = await Promise.all([owner('e'), ...all].map((one) => read(one)));
    expect(left).toEqual([{ a: '1' }, {}, {}, { a: '1' }, { a: '1' }]);
  });
});
