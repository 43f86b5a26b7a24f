import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import { recipeBot } from './recipe-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const button = 'Please verify that it is you.';

let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
  bot = await stage.publish(recipeBot(stage.brand.url));
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.brand.misbehave();
  stage.provider.misbehave();
  stage.behind.customer.refuses = false;
});

/** The first call without a token, refused by the brand as it must be. */
async function asked(botId = bot): Promise<Chat> {
  const chat = await stage.chat(botId);
  stage.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('where is my order?');
  await chat.hears(button);
  await chat.quiet();
  stage.brand.misbehave();
  return chat;
}

const answered = async (chat: Chat) => (await chat.texts()).filter((text) => text === 'It is a Lantern.').length;

test('the seed word for word: the literal placeholder, the button, the answer by itself, and no second Login', async () => {
  const before = stage.brand.requests().length;
  const chat = await asked();
  const shown = await chat.hears(button);
  expect(shown).toMatchObject({ buttons: [{ label: 'Login', url: expect.stringContaining('/sign-in/') }] });
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.say('where is my order?');
  await chat.hears('It is a Lantern.', 2);
  const [first, second, third] = stage.brand.requests().slice(before);
  expect(first?.headers['authorization']).toBe('Bearer {$botContext.cidp_accessToken}');
  expect(second?.headers['authorization']).toMatch(/^Bearer [\w-]{20,}$/);
  expect(third?.headers['authorization']).toBe(second?.headers['authorization']);
  expect(await chat.texts()).toEqual([button, 'It is a Lantern.', 'It is a Lantern.']);
});

test('a consumer who has moved on is asked once, and Continue answers once', async () => {
  const chat = await asked();
  await chat.say('paint');
  await chat.hears('Which colour?');
  await chat.signIn();
  const offer = await chat.hears(sentence('en', 'continue_offer'));
  await chat.quiet();
  expect(await answered(chat)).toBe(0);
  const payload = /errand:continue:[\w]+/.exec(JSON.stringify(offer['quick_replies']))?.[0] ?? '';
  await chat.tap(payload, 'Continue');
  await chat.hears('It is a Lantern.');
  await chat.tap(payload, 'Continue');
  await chat.quiet();
  expect(await answered(chat)).toBe(1);
});

test.each(['Continue', 'continue!', 'yes'])('where there is nothing to tap, "%s" is typed', async (words) => {
  const chat = await asked();
  await chat.say('paint');
  await chat.hears('Which colour?');
  await chat.say('red');
  await chat.signIn();
  await chat.hears(sentence('en', 'continue_offer'));
  await chat.say(words);
  await chat.hears('It is a Lantern.');
  expect(await answered(chat)).toBe(1);
});

test("another conversation's Continue is nothing", async () => {
  const [mine, other] = [await asked(), await asked()];
  await mine.say('paint');
  await mine.signIn();
  await mine.hears(sentence('en', 'continue_offer'));
  await other.tap(`errand:continue:${await mine.offered()}`, 'Continue');
  await other.quiet();
  expect([await answered(mine), await answered(other)]).toEqual([0, 0]);
});

test('asked again before the sign-in: one attempt, one answer', async () => {
  const chat = await asked();
  const first = await chat.offered();
  stage.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('where is my order?');
  await chat.hears(button, 2);
  stage.brand.misbehave();
  expect(await chat.offered()).toBe(first);
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.quiet();
  expect(await answered(chat)).toBe(1);
});

test('refused consent while the button still waits is said', async () => {
  const chat = await asked();
  stage.behind.customer.refuses = true;
  await chat.signIn();
  expect(await chat.hears(sentence('en', 'outcome.declined'))).toMatchObject({ from: 'bot' });
});

test.each(['status_500', 'status_503', 'reset'] as const)(
  'an outage of the brand (%s) shows its message in place of the button, and no attempt is made',
  async (fault) => {
    stage.brand.misbehave(fault);
    const chat = await stage.chat(bot);
    await chat.say('where is my order?');
    await chat.hears(sentence('en', 'outcome.brand_unavailable'));
    expect((await chat.events()).filter(({ type }) => type === 'sign_in')).toEqual([]);
    expect(await chat.texts()).not.toContain(button);
    expect(JSON.stringify(await chat.trace())).toContain('has no URL');
  },
);

test('an outage of the provider too, though the brand says 401', async () => {
  stage.pass(6_000);
  stage.provider.misbehave('all_503');
  stage.brand.misbehave('unauthorized');
  const chat = await stage.chat(bot);
  await chat.say('where is my order?');
  await chat.hears(sentence('en', 'outcome.brand_unavailable'));
  expect((await chat.events()).filter(({ type }) => type === 'sign_in')).toEqual([]);
});

test('an outage after a button was shown takes the old link away', async () => {
  const chat = await asked();
  stage.brand.misbehave('status_500');
  await chat.say('where is my order?');
  await chat.hears(sentence('en', 'outcome.brand_unavailable'));
  expect(JSON.parse((await chat.row()).state).engine.variables.session).not.toHaveProperty('external_auth_url');
});

test('with a connection a 401 or 403 leads to the button again, a 404 does not', async () => {
  const chat = await asked();
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  for (const [n, fault] of (['unauthorized', 'forbidden'] as const).entries()) {
    stage.brand.misbehave(fault);
    await chat.say('where is my order?');
    await chat.hears(button, n + 2);
    stage.brand.misbehave();
    await chat.signIn();
    await chat.hears('It is a Lantern.', n + 2);
  }
  const offers = (await chat.events()).filter(({ status }) => status === 'offered').length;
  stage.brand.misbehave('status_404');
  await chat.say('where is my order?');
  await chat.quiet();
  expect((await chat.events()).filter(({ status }) => status === 'offered')).toHaveLength(offers);
});

test.each([
  ['has no Authorization header', { headers: [] }],
  ['the pre-process snippet that sets cidp_accessToken is missing', { snippet: '' }],
  ["check the credential's scope and origins", {}],
])('X6: the same refusal right after the sign-in is misconfigured, and the trace says: %s', async (cause, change) => {
  const wrong = await stage.publish(recipeBot(stage.brand.url, change));
  const chat = await asked(wrong);
  stage.brand.misbehave('unauthorized');
  await chat.signIn();
  await chat.hears(sentence('en', 'outcome.setup_error'));
  await chat.quiet();
  expect((await chat.texts()).filter((text) => text === button)).toHaveLength(1);
  expect(JSON.stringify(await chat.trace())).toContain(cause);
});
