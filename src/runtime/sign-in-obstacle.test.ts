import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const say = (key: Parameters<typeof sentence>[1]) => sentence('en', key);
const offer = say('sign_in_offer');

let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  stage = await setRuntimeStage();
  bot = await stage.publish(orderBot(stage.brand.url));
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

test('of a call to where its token may not go nobody is asked: it is blocked, and its trace says why', async () => {
  const elsewhere = await stage.publish(orderBot('https://other.example'));
  const chat = await stage.chat(elsewhere);
  const before = stage.brand.requests().length;
  await chat.say('where is my order?');
  await chat.hears(say('outcome.setup_error'));
  await chat.quiet();
  expect(await chat.texts()).toEqual([say('outcome.setup_error')]);
  expect((await chat.events()).some(({ type }) => type === 'sign_in')).toBe(false);
  expect(JSON.stringify(await chat.trace())).toMatch(/does not name this URL's origin/);
  expect(stage.brand.requests()).toHaveLength(before);
});

test('while nothing answers at the brand nobody is asked to sign in for it', async () => {
  const chat = await stage.chat(bot);
  stage.brand.misbehave('status_503');
  await chat.say('where is my order?');
  await chat.hears(say('outcome.brand_unavailable'));
  await chat.quiet();
  expect((await chat.events()).some(({ type }) => type === 'sign_in')).toBe(false);
  expect(JSON.stringify(await chat.trace())).toMatch(/nothing answers at/);
  stage.brand.misbehave();
  await chat.say('where is my order?');
  await chat.hears(offer);
});

test('OA-12: of a provider whose metadata cannot be used nobody gets a link, and the trace says why', async () => {
  const other = await setRuntimeStage();
  try {
    const here = await other.publish(orderBot(other.brand.url));
    await other.runtime.start();
    const chat = await other.chat(here);
    other.provider.misbehave('metadata_malformed');
    await chat.say('where is my order?');
    await chat.hears(say('outcome.setup_error'));
    await chat.quiet();
    expect((await chat.events()).some(({ type }) => type === 'sign_in')).toBe(false);
    expect(JSON.stringify(await chat.trace())).toMatch(/cannot be used as it is set up/);
  } finally {
    await other.close();
  }
});
