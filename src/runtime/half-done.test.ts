/** What a worker has written beside its turn's own commit, when that commit never came. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderBot } from './order-bot.test-parts.ts';
import { leaseLength } from './parts.ts';
import type { Runtime } from './runtime.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { type UnreliableStore, unreliableStore } from './unreliable-store.test-parts.ts';

let stage: RuntimeStage;
let bot: string;
let store: UnreliableStore;
let node: Runtime;
beforeAll(async () => {
  stage = await setRuntimeStage();
  bot = await stage.publish(orderBot(stage.brand.url));
  store = unreliableStore(stage.db);
  node = stage.node({ db: store.db });
  await node.start();
});
afterAll(() => stage.close());

const parked = (chat: Chat) =>
  stage.db.all<{ status: string }>('SELECT status FROM parked_call WHERE conversation_id = ?', chat.conversation_id);
const attempts = (chat: Chat) =>
  stage.db.all<{ status: string }>('SELECT status FROM attempt WHERE conversation_id = ?', chat.conversation_id);

test('a call that was set aside by a run without a commit is not run by the sign-in that comes before the next run', async () => {
  const chat = await stage.chat(bot, { on: node });
  await chat.say('where is my order?');
  await chat.offered();
  await chat.quiet();
  const calls = () => stage.brand.requests().filter(({ method }) => method === 'GET').length;
  const before = calls();
  // Accepted, and set aside; then the store is away.
  store.downAfter(2);
  await chat.say('where is my order?');
  await chat.until(async () => ((await parked(chat)).length === 2 ? true : undefined));
  await chat.signIn();
  store.up();
  await chat.hears('It is a Lantern.', 2);
  await chat.quiet();
  // Two questions, two answers; the row that nobody returns to has made none.
  expect(calls() - before).toBe(2);
  expect((await parked(chat)).map(({ status }) => status).sort()).toEqual(['cancelled', 'done']);
});

test('I3: a worker that slept before its commit finds that another one has answered', async () => {
  const chat = await stage.chat(bot, { on: node });
  const asleep = store.pauseAt(2);
  await chat.say('hi');
  await asleep.reached;
  stage.pass(leaseLength + 1);
  const other = stage.node();
  await other.start();
  await chat.hears('Hello.');
  await chat.quiet();
  const before = await chat.events();
  asleep.go();
  await other.accept(chat.session, { id: 'after', text: 'echo after' });
  await chat.hears('You said echo after');
  await other.drain();
  expect(before).toHaveLength(2);
  expect(await chat.texts()).toEqual(['Hello.', 'You said echo after']);
});

test('I3: a worker that slept before it set a call aside finds its lease gone, and neither attempt nor call comes back', async () => {
  const chat = await stage.chat(bot, { on: node });
  // Accepted; then it sleeps before the attempt and the parked call are written.
  const asleep = store.pauseAt(2);
  await chat.say('where is my order?');
  await asleep.reached;
  stage.pass(leaseLength + 1);
  const other = stage.node();
  await other.start();
  await chat.offered();
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.quiet();
  const before = [await attempts(chat), await parked(chat), await chat.events()];
  asleep.go();
  await node.drain();
  expect([await attempts(chat), await parked(chat), await chat.events()]).toEqual(before);
  expect(before[1]).toEqual([{ status: 'done' }]);
});
