import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const order: string[] = [];

/** Says when a write was asked for, and when it was durable. */
const noting = (db: Database): Database => ({
  ...db,
  async write(work, early) {
    order.push('asked');
    const value = await db.write(work, early);
    order.push('durable');
    return value;
  },
});

let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  stage = await setRuntimeStage({ change: ({ db }) => ({ db: noting(db) }) });
  bot = await stage.publish(orderBot(stage.brand.url));
});
afterAll(() => stage.close());

/** A conversation that this process has worked before. */
async function known() {
  const chat = await stage.chat(bot);
  await chat.say('hi');
  await chat.hears('Hello.');
  await chat.quiet();
  order.length = 0;
  return chat;
}

test('a turn that needs nothing but the engine is written with the commit that accepts its message', async () => {
  const chat = await known();
  await chat.say('hi');
  await chat.hears('Hello.', 2);
  expect(order).toEqual(['asked', 'asked', 'durable', 'durable']);
});

test('RL-09 the first message that a process works of a conversation is durable before its turn begins', async () => {
  const chat = await stage.chat(bot);
  order.length = 0;
  await chat.say('hi');
  await chat.hears('Hello.');
  expect(order).toEqual(['asked', 'durable', 'asked', 'durable']);
});

test('I1: a turn that calls does so after its message is durable', async () => {
  const chat = await known();
  stage.brand.misbehave('held', { times: 1 });
  const before = stage.brand.requests().length;
  await chat.say('book');
  await chat.until(async () => (stage.brand.requests().length > before ? true : undefined));
  expect(order).toEqual(['asked', 'durable', 'asked', 'durable']);
  stage.brand.release();
  await chat.quiet();
});
