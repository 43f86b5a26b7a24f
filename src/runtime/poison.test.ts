import { afterAll, beforeAll, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const broken = sentence('en', 'outcome.setup_error');

let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  stage = await setRuntimeStage();
  bot = await stage.publish(orderBot(stage.brand.url));
  await stage.runtime.start();
});
afterAll(() => stage.close());

const setState = (chat: Chat, change: string) =>
  stage.db.write((tx) => tx.run(`UPDATE conversation SET ${change} WHERE id = ?`, chat.conversation_id));

async function greeted(): Promise<Chat> {
  const chat = await stage.chat(bot);
  await chat.say('hi');
  await chat.hears('Hello.');
  await chat.quiet();
  return chat;
}

test('RL-09: a turn that throws ends in one sentence; this conversation and others go on', async () => {
  const [sick, well] = [await greeted(), await greeted()];
  await setState(sick, "state = '{'");
  await sick.say('hi');
  await well.say('echo well');
  await sick.hears(broken);
  await well.hears('You said echo well');
  await sick.say('hi');
  expect(await sick.hears('Hello.', 2)).toMatchObject({ from: 'bot' });
});

test('RL-09: a bot whose version cannot be loaded is a fault that is said too', async () => {
  const chat = await greeted();
  await setState(chat, 'bot_version = 4711');
  await chat.say('hi');
  await chat.hears(broken);
  await setState(chat, 'bot_version = 1');
  await chat.say('hi');
  expect(await chat.hears('Hello.', 2)).toMatchObject({ from: 'bot' });
});

test('RL-09: an item that kills its process again and again is given up, and what comes after it is answered', async () => {
  const chat = await greeted();
  const id = chat.conversation_id;
  // As the third crash leaves it: not done, counted, claimed by nobody alive.
  await stage.db.write(async (tx) => {
    await tx.run(
      'UPDATE inbox SET done_at = NULL, tries = 3, body = \'{"text":"echo poison"}\' WHERE conversation_id = ?',
      id,
    );
    await tx.run('UPDATE conversation SET lease_until = 1 WHERE id = ?', id);
  });
  await chat.say('echo after');
  await chat.hears('You said echo after');
  expect(await chat.texts()).toEqual(['Hello.', broken, 'You said echo after']);
});

test('I4 RL-09: given up with a call on its way, the consumer is told that its result is not known', async () => {
  const chat = await stage.chat(bot, { on: stage.node() });
  stage.brand.misbehave('held', { times: 1 });
  await chat.say('book');
  await chat.until(async () => ((await chat.row()).state.includes('under_way') ? true : undefined));
  const id = chat.conversation_id;
  await stage.db.write(async (tx) => {
    await tx.run('UPDATE inbox SET tries = 3 WHERE conversation_id = ?', id);
    await tx.run('UPDATE conversation SET lease_until = 1 WHERE id = ?', id);
  });
  stage.bus.publish('work', id);
  await chat.hears(sentence('en', 'outcome.result_unknown'));
  stage.brand.release();
  await chat.say('hi');
  await chat.hears('Hello.');
  expect((await chat.row()).state).not.toContain('under_way');
});

test('a notice that cannot be worked leaves nothing that waits for ever', async () => {
  const chat = await stage.chat(bot);
  await chat.say('where is my order?');
  await chat.offered();
  await chat.quiet();
  await setState(chat, "state = '{'");
  await chat.signIn();
  await chat.hears(broken);
  const open = 'SELECT id FROM parked_call WHERE conversation_id = ? AND ended_at IS NULL';
  expect(await stage.db.all(open, chat.conversation_id)).toEqual([]);
});
