import { afterEach, expect, test } from 'vitest';
import { createDocumentThread } from './document-thread.ts';

let thread = createDocumentThread();
afterEach(async () => {
  await thread.close();
  thread = createDocumentThread();
});

const task = { kind: 'check', json: {} } as const;

test('accounts are served in turn: who sends much waits for it alone', async () => {
  const done: string[] = [];
  const send = async (account: string, name: string) => {
    await thread.perform(account, task);
    done.push(name);
  };
  await Promise.all([
    ...['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => send('a', name)),
    ...['b1', 'b2'].map((name) => send('b', name)),
    send('c', 'c1'),
  ]);
  expect(done).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4', 'a5']);
});

test('an account may have four documents waiting; another is served all the same', async () => {
  const five = Array.from({ length: 5 }, () => thread.perform('a', task));
  await expect(thread.perform('a', task)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(thread.perform('b', task)).resolves.toHaveProperty('checked');
  await expect(Promise.all(five)).resolves.toHaveLength(5);
});

test('whoever waits is told when the server closes', async () => {
  const waiting = Promise.allSettled(['a', 'a', 'b'].map((account) => thread.perform(account, task)));
  await thread.close();
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
