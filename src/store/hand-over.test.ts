import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BotDocument } from '../bot/document.ts';
import { createBot } from './bot.ts';
import { publishBot } from './bot-version.ts';
import { insertConversation } from './conversation.ts';
import type { Database } from './database.ts';
import {
  countFiles,
  deleteFile,
  deleteFilesBefore,
  deleteFilesOf,
  type FileRow,
  findFile,
  hasFilesBefore,
  insertFile,
} from './file.ts';
import { findPublishedBotNamed, moveConversation, openedWith, publishedBotsOf } from './published-bots.ts';
import { testDatabases } from './test-database.ts';
import { cancelTimer, cancelTimersOf, dueTimers, setTimer } from './timer.ts';

describe.each(await testDatabases())('hand-overs and files on $kind', ({ open }) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
    for (const account of ['acc', 'stranger'])
      await db.write((tx) =>
        tx.run('INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)', account, account, 1),
      );
    await bot({ id: 'b', name: 'Billing', at: 2 });
    await bot({ id: 'a', name: 'Billing', at: 1 });
    await bot({ id: 'Billing', name: 'Other', at: 3 });
    await bot({ id: 'x', name: 'Foreign', at: 1, account_id: 'stranger' });
    await db.write((tx) =>
      insertConversation(tx, {
        id: 'conv',
        account_id: 'acc',
        bot_id: 'a',
        bot_version: 1,
        channel: 'web',
        locale: 'en',
        consumer_id: 'cons',
        session_hash: 'h',
        browser_hash: null,
        state: '',
        at: 1,
      }),
    );
  });
  afterAll(() => db.close());

  async function bot(made: { id: string; name: string; at: number; account_id?: string }): Promise<void> {
    const { id, name, at, account_id = 'acc' } = made;
    const draft: BotDocument = { format: 'errand.bot/1', name, dialogs: [], integrations: [] };
    await db.write(async (tx) => {
      await createBot(tx, { id, account_id, name, draft, embed_origins: [], at });
      await publishBot(tx, { account_id, id }, at);
    });
  }

  test('an id wins over a name, the oldest of a name is meant, and another account’s is not there', async () => {
    const find = async (idOrName: string) => (await findPublishedBotNamed(db, 'acc', idOrName))?.id;
    expect(await find('Billing')).toBe('Billing');
    expect(await find('b')).toBe('b');
    expect(await find('Other')).toBe('Billing');
    expect(await find('x')).toBeUndefined();
    expect(await find('Foreign')).toBeUndefined();
    expect((await publishedBotsOf(db, 'acc')).map(({ id }) => id)).toEqual(['a', 'b', 'Billing']);
  });

  test('a conversation that moves keeps the bot it was opened with', async () => {
    const move = (bot_id: string) => db.write((tx) => moveConversation(tx, { id: 'conv', bot_id, bot_version: 1 }));
    expect(await openedWith(db, 'conv')).toBe('a');
    await move('b');
    await move('Billing');
    expect(await openedWith(db, 'conv')).toBe('a');
    expect(await db.get('SELECT bot_id FROM conversation WHERE id = ?', 'conv')).toEqual({ bot_id: 'Billing' });
    expect(await openedWith(db, 'none')).toBeUndefined();
  });

  test('a file belongs to its conversation, and goes with it or with time', async () => {
    const file = (id: string, created_at: number): FileRow => ({
      id,
      account_id: 'acc',
      conversation_id: 'conv',
      name: 'bill.pdf',
      type: 'application/pdf',
      size: 3,
      content: 'sealed',
      created_at,
    });
    await db.write(async (tx) => {
      for (const [id, at] of [
        ['f1', 10],
        ['f2', 20],
        ['f3', 30],
      ] as const)
        await insertFile(tx, file(id, at));
    });
    expect(await findFile(db, { id: 'f1', conversation_id: 'conv' })).toEqual(file('f1', 10));
    expect(await findFile(db, { id: 'f1', conversation_id: 'other' })).toBeUndefined();
    expect(await countFiles(db, 'conv')).toBe(3);
    expect([await hasFilesBefore(db, 10), await hasFilesBefore(db, 11)]).toEqual([false, true]);
    await db.write((tx) => deleteFilesBefore(tx, 11));
    await db.write((tx) => deleteFile(tx, 'f2'));
    expect(await countFiles(db, 'conv')).toBe(1);
    await db.write((tx) => deleteFilesOf(tx, 'conv'));
    expect(await countFiles(db, 'conv')).toBe(0);
  });

  test('a timer is set once, moved when it is set again, due in order, and called off', async () => {
    const set = (id: string, due_at: number) =>
      db.write((tx) => setTimer(tx, { id, conversation_id: 'conv', kind: 'k', due_at, body: '{}' }));
    await set('t1', 30);
    await set('t2', 20);
    await set('t1', 10);
    expect((await dueTimers(db, 20)).map(({ id, due_at }) => [id, due_at])).toEqual([
      ['t1', 10],
      ['t2', 20],
    ]);
    expect(await db.write((tx) => cancelTimer(tx, 't1'))).toBe(true);
    expect(await db.write((tx) => cancelTimer(tx, 't1'))).toBe(false);
    await db.write((tx) => cancelTimersOf(tx, 'conv'));
    expect(await dueTimers(db, 100)).toEqual([]);
  });
});
