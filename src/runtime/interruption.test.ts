import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createEnvironment } from '../store/environment.ts';
import { newId } from '../world/id.ts';
import { systemRandom } from '../world/world.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage();
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

/** A conversation with a bot of that environment. */
async function withSettings(variables: Record<string, string>): Promise<Chat> {
  const name = newId(systemRandom, 'env');
  const at = stage.world.clock.now();
  await stage.db.write((tx) => createEnvironment(tx, { id: name, account_id: 'acc', name, variables, at }));
  const document = { ...orderBot(stage.brand.url), environment: name, web_view_api: true };
  return await stage.chat(await stage.publish(document));
}

/** The bot is asked something that takes time; the consumer says more meanwhile. */
async function interrupted(chat: Chat, say: (chat: Chat) => Promise<unknown>): Promise<void> {
  const before = stage.brand.requests().length;
  stage.brand.misbehave('held', { times: 1 });
  await chat.say('look');
  await chat.until(async () => (stage.brand.requests().length > before ? true : undefined));
  // So that it is later by the clock too, however quick the machine is.
  stage.pass(5);
  await say(chat);
  stage.pass(5);
  stage.brand.release();
  await chat.hears('Saw Lantern.');
  await chat.quiet();
}

const on = { system_handleIntermediateUserMessage: 'true' };
const twice = async (chat: Chat) => {
  await chat.say('hi');
  await chat.say('echo two');
};

test('LP-118 what is said while the bot answers is heard in its turn by default', async () => {
  const chat = await withSettings({});
  await interrupted(chat, twice);
  expect(await chat.texts()).toEqual(['Saw Lantern.', 'Hello.', 'You said echo two']);
});

test('LP-118 switched on, it is not heard, stays in the transcript, and what comes after the answer is heard', async () => {
  const chat = await withSettings(on);
  await interrupted(chat, twice);
  expect(await chat.texts()).toEqual(['Saw Lantern.']);
  const said = (await chat.events()).filter(({ from }) => from === 'consumer').map(({ text }) => text);
  expect(said).toEqual(['look', 'hi', 'echo two']);
  expect(JSON.stringify(await chat.trace())).toContain('not heard');
  stage.pass(5);
  await chat.say('hi');
  await chat.hears('Hello.');
});

test('LP-118 its message is said once, and its timeout is counted from the start of the answer', async () => {
  const told = await withSettings({ ...on, system_intermediateBotMessage: 'One at a time, please.' });
  await interrupted(told, twice);
  expect(await told.texts()).toEqual(['Saw Lantern.', 'One at a time, please.']);
  const short = await withSettings({ ...on, system_intermediateBotResponseTimeout: '1' });
  await interrupted(short, (chat) => chat.say('hi'));
  expect(await short.texts()).toEqual(['Saw Lantern.', 'Hello.']);
});

test('LP-119 what a page sends passes only where that is switched on too; its variables are kept in any case', async () => {
  const page = async (chat: Chat) => {
    const { bot_id } = await chat.row();
    const { conversation_id, consumer_id: user_id } = chat;
    const key = createHash('sha256').update(`${conversation_id} || ${bot_id}`).digest('hex');
    const variables = { colour: 'blue' };
    await stage.runtime.webView({ key, bot_id, conversation_id, user_id, message: 'hi', variables });
  };
  const ignored = await withSettings(on);
  await interrupted(ignored, page);
  expect(await ignored.texts()).toEqual(['Saw Lantern.']);
  expect((await ignored.row()).state).toContain('"colour":"blue"');
  const passed = await withSettings({ ...on, system_processWebviewIntermediateMessage: 'true' });
  await interrupted(passed, page);
  expect(await passed.texts()).toEqual(['Saw Lantern.', 'Hello.']);
});

test('I6: a sign-out is never an interruption', async () => {
  const chat = await withSettings(on);
  await interrupted(chat, () => chat.say('sign out'));
  expect(await chat.texts()).toHaveLength(2);
});
