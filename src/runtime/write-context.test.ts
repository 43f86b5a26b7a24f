import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextChange } from '../engine/step.ts';
import { readContext } from '../store/context.ts';
import type { Database } from '../store/database.ts';
import { testDatabases } from '../store/test-database.ts';
import { contextOwner, writeContext } from './write-context.ts';

const at = 1_700_000_000_000;
const conversation = { account_id: 'acc', consumer_id: 'ada', id: 'conv' };

describe.each(await testDatabases())('a turn’s changes in the context service on $kind', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
    await write(['a', 'b', 'full'].map((namespace) => ({ op: 'register', namespace, ttl_s: null })));
  });
  afterAll(() => db.close());

  const write = (changes: ContextChange[]) => db.write((tx) => writeContext(tx, { conversation, changes, at }));
  const set = (namespace: string, name: string, value = '1'): ContextChange => ({
    op: 'set',
    of: 'global',
    namespace,
    name,
    value,
  });

  test('turns that write the same values in opposite order do not block each other for good', async () => {
    const names = Array.from({ length: 20 }, (_, count) => `n${count}`);
    const changes = ['a', 'b'].flatMap((namespace) => names.map((name) => set(namespace, name)));
    const turns = Array.from({ length: 12 }, (_, count) => write(count % 2 ? changes : [...changes].reverse()));
    expect((await Promise.allSettled(turns)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('SB-08 what finds no room is told; what a deletion before it has freed, is room', async () => {
    const most = 'x'.repeat(400 * 1024);
    expect(await write([set('full', 'z', most), set('full', 'a', most), set('none', 'a')])).toEqual([
      set('full', 'a', most),
      set('none', 'a'),
    ]);
    expect(await write([{ op: 'delete', of: 'global', namespace: 'full', name: 'z' }, set('full', 'a', most)])).toEqual(
      [],
    );
    const kept = await readContext(db, contextOwner(conversation, 'global'), { namespace: 'full', at });
    expect(kept instanceof Map && [...kept.keys()]).toEqual(['a']);
  });

  test('LP-131 whose data it is, the conversation says', () => {
    const { account_id } = conversation;
    expect(contextOwner(conversation, 'global')).toEqual({ account_id, kind: 'global', id: 'acc' });
    expect(contextOwner(conversation, 'user')).toEqual({ account_id, kind: 'user', id: 'ada' });
    expect(contextOwner(conversation, 'conversation')).toEqual({ account_id, kind: 'conversation', id: 'conv' });
  });
});
