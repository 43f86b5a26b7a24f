import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sentence, type SentenceKey } from '../src/api/sentences.ts';
import type { BrandSwitch } from './hostile/hostile-brand.ts';
import { type Consumer, converse } from './support/consumer.ts';
import { patience, type RecipeExport, recipeExport } from './support/outsider-bots.ts';
import { type OutsiderStage, openStage } from './support/outsider-stage.ts';
import { signIn } from './support/sign-in.ts';

let stage: OutsiderStage;
const bots = { managed: '', recipe: '' };
type Mode = keyof typeof bots;

beforeAll(async () => {
  stage = await openStage();
  bots.managed = stage.desks[0].managedBot;
  bots.recipe = await recipeBot({});
});
afterAll(async () => await stage.close());
beforeEach(() => {
  stage.api.misbehave();
  stage.desks[0].provider.misbehave();
});

const visitor = () => stage.brand.users[0] ?? { login: '', password: '' };

/** An import, then the draft's integration gets the same patience: an export cannot say how long to wait. */
async function recipeBot(parts: Omit<RecipeExport, 'brandUrl'>): Promise<string> {
  const { outsider, api } = stage;
  const { id } = await outsider.importAndPublish(recipeExport({ brandUrl: api.url, ...parts }));
  const draft = JSON.parse(
    JSON.stringify((await outsider.read(`/bots/${id}`))['document']).replaceAll(
      '"response_variable"',
      `"timeout_ms":${patience},"response_variable"`,
    ),
  );
  const put = await outsider.call(`PUT /bots/${id}`, draft);
  expect(put.status).toBe(200);
  await outsider.make(`/bots/${id}/publish`, {});
  return id;
}

const says = (key: SentenceKey) => sentence('en', key);
const answered = { managed: 'Your order: Lantern.', recipe: 'Your order: BW-1' };
const links = (consumer: Consumer) =>
  new Set(consumer.seen.flatMap((event) => JSON.stringify(event).match(/\/sign-in\/[\w-]+/g) ?? [])).size;
const refreshes = () => stage.desks[0].provider.count({ grant_type: 'refresh_token' });

/** Signed in, and answered once. */
async function signedIn(mode: Mode, bot = bots[mode]): Promise<Consumer> {
  const consumer = await converse(stage.server.url, bot);
  await consumer.say('where is my order?');
  await signIn(consumer, visitor());
  await consumer.hears(answered[mode]);
  return consumer;
}

/** The outcome of the newest call as the account's trace tells it, and every note. */
async function traced(consumer: Consumer): Promise<{ outcome: unknown; notes: string }> {
  const trace = await stage.outsider.list(`/conversations/${consumer.id}/trace`);
  const call = trace.findLast(({ kind }) => kind === 'call');
  const notes = trace.filter(({ kind }) => kind === 'note').map(({ text }) => text);
  return { outcome: call?.['outcome'], notes: notes.join('\n') };
}

describe.each<Mode>(['managed', 'recipe'])('the brand API, %s mode', (mode) => {
  test.each<[BrandSwitch, string]>([
    ['status_500', 'unreachable'],
    ['status_500_login_page', 'unreachable'],
    ['status_503', 'unreachable'],
    ['status_429', 'rate_limited'],
    ['never_answers', 'timed_out'],
    ['drip', 'timed_out'],
    ['reset', 'timed_out'],
    ['junk', 'timed_out'],
    ['cut', 'timed_out'],
  ])('UP-02 UP-03 UP-04: %s: an outage message and no Login', async (name, outcome) => {
    const consumer = await signedIn(mode);
    const before = refreshes();
    stage.api.misbehave(name);
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.brand_unavailable'));
    expect([(await traced(consumer)).outcome, links(consumer), refreshes() - before]).toEqual([outcome, 1, 0]);
    stage.api.misbehave();
    await consumer.say('where is my order?');
    await consumer.hears(answered[mode]);
  });

  test('the same before anybody has signed in: no Login is offered while the brand is down', async () => {
    const consumer = await converse(stage.server.url, bots.recipe);
    await stage.api.down();
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.brand_unavailable'));
    await stage.api.up();
    expect([(await traced(consumer)).outcome, links(consumer)]).toEqual(['unreachable', 0]);
  });

  test('RF-08: 401 once: one refresh, one more try, an answer', async () => {
    const consumer = await signedIn(mode);
    const before = refreshes();
    stage.api.misbehave('unauthorized', { times: 1 });
    await consumer.say('where is my order?');
    await consumer.hears(answered[mode]);
    expect([links(consumer), refreshes() - before]).toEqual([1, 1]);
  });

  test('RF-08 X5 X6: 401 for ever: one refresh, one Login, and after it misconfigured', async () => {
    const consumer = await signedIn(mode);
    const before = refreshes();
    stage.api.misbehave('unauthorized');
    await consumer.say('where is my order?');
    await signIn(consumer, visitor());
    await consumer.hears(says('outcome.setup_error'));
    // One for each of the two calls: the one before the sign-in and the one after it.
    expect([links(consumer), refreshes() - before]).toEqual([2, 2]);
    expect((await traced(consumer)).notes).toContain('signed in, but the brand refused');
  });

  // This provider takes `acr_values` only together with `openid`, so here the step up fails at the provider.
  const stepUpEnd = mode === 'managed' ? 'outcome.provider_error' : 'outcome.setup_error';
  test.each<[BrandSwitch, SentenceKey]>([
    ['insufficient_scope', 'outcome.not_enough_permission'],
    ['step_up', stepUpEnd],
  ])('X7 X8: %s: one new authorization, and no second one', async (name, end) => {
    const consumer = await signedIn(mode);
    const before = refreshes();
    stage.api.misbehave(name);
    await consumer.say('where is my order?');
    await signIn(consumer, visitor());
    await consumer.hears(says(end));
    expect([links(consumer), refreshes() - before]).toEqual([2, 0]);
  });

  test('X7: a challenge beyond the credential leads to no sign-in at all', async () => {
    const consumer = await signedIn(mode);
    stage.api.misbehave('scope_beyond_ceiling');
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.not_enough_permission'));
    expect(links(consumer)).toBe(1);
  });

  test('a challenge that cannot be read is a plain 401', async () => {
    const consumer = await signedIn(mode);
    const before = refreshes();
    stage.api.misbehave('challenge_junk', { times: 1 });
    await consumer.say('where is my order?');
    await consumer.hears(answered[mode]);
    expect([links(consumer), refreshes() - before]).toEqual([1, 1]);
  });

  test.each<BrandSwitch>(['redirect', 'redirect_to_metadata', 'status_404', 'status_204'])(
    'SS-09 UP-06: %s: the failure branch; nobody is followed',
    async (name) => {
      const consumer = await signedIn(mode);
      const calls = stage.api.requests().length;
      stage.api.misbehave(name);
      await consumer.say('where is my order?');
      await consumer.hears(says('outcome.failure'));
      expect((await traced(consumer)).outcome).toBe('failure');
      expect([links(consumer), stage.api.requests().length - calls, stage.api.redirected()]).toEqual([1, 1, []]);
    },
  );

  test.each<BrandSwitch>(['malformed_json', 'deep_json', 'poisoned_json', 'ok_with_error'])(
    'UP-05: %s: read safely, and the next call is as good as ever',
    async (name) => {
      const consumer = await signedIn(mode);
      stage.api.misbehave(name);
      await consumer.say('where is my order?');
      await consumer.hears('Your order');
      expect((await traced(consumer)).outcome).toBe('success');
      stage.api.misbehave();
      await consumer.say('where is my order?');
      await consumer.hears(answered[mode]);
      expect(links(consumer)).toBe(1);
    },
  );

  test.each<BrandSwitch>(['three_megabytes', 'gzip_bomb'])('UP-05: %s: given up, asked for once', async (name) => {
    const consumer = await signedIn(mode);
    const calls = stage.api.requests().length;
    stage.api.misbehave(name);
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.brand_unavailable'));
    expect([links(consumer), stage.api.requests().length - calls]).toEqual([1, 1]);
  });
});

test('a plain 403 is no reason to sign in again; by the recipe it is one, once', async () => {
  const managed = await signedIn('managed');
  const recipe = await signedIn('recipe');
  stage.api.misbehave('forbidden');
  await managed.say('where is my order?');
  await managed.hears(says('outcome.failure'));
  expect(links(managed)).toBe(1);
  await recipe.say('where is my order?');
  await signIn(recipe, visitor());
  await recipe.hears(says('outcome.setup_error'));
  expect(links(recipe)).toBe(2);
});

describe('a call that changes something', () => {
  /** Up to the "shall I?", answered with yes while the brand misbehaves. */
  async function cancelWhile(name: BrandSwitch | 'down', limit?: { times: number }) {
    const consumer = await signedIn('managed');
    await consumer.say('cancel my order');
    await consumer.hears('Shall I?');
    const before = { calls: stage.api.requests().length, effects: stage.api.effects(), refreshes: refreshes() };
    if (name === 'down') await stage.api.down();
    else stage.api.misbehave(name, limit);
    await consumer.say('yes');
    const counts = () => ({
      calls: stage.api.requests().length - before.calls,
      effects: stage.api.effects() - before.effects,
      refreshes: refreshes() - before.refreshes,
    });
    return { consumer, counts };
  }

  test.each<BrandSwitch>(['reset', 'cut', 'junk', 'never_answers', 'reset_in_body'])(
    'I4: %s after it was sent: done once, not sent again, and the consumer is told what is known',
    async (name) => {
      const { consumer, counts } = await cancelWhile(name);
      await consumer.hears(says('outcome.result_unknown'));
      expect(counts()).toEqual({ calls: 1, effects: 1, refreshes: 0 });
      expect((await traced(consumer)).outcome).toBe('result_unknown');
      // To its end, so that no call of this test is counted in the next one.
      stage.api.misbehave();
      await consumer.say('where is my order?');
      await consumer.hears(answered.managed);
      expect(counts().effects).toBe(1);
    },
  );

  test.each<[BrandSwitch | 'down', number, string]>([
    ['down', 0, 'unreachable'],
    ['status_503', 1, 'unreachable'],
    ['status_429', 1, 'rate_limited'],
  ])('I4: %s: not done, and not sent again', async (name, calls, outcome) => {
    const { consumer, counts } = await cancelWhile(name);
    await consumer.hears(says('outcome.brand_unavailable'));
    if (name === 'down') await stage.api.up();
    expect(counts()).toEqual({ calls, effects: 0, refreshes: 0 });
    expect((await traced(consumer)).outcome).toBe(outcome);
  });

  test('RF-08: a 401 proves that nothing was done: one refresh, sent again with the same key, done once', async () => {
    const { consumer, counts } = await cancelWhile('unauthorized', { times: 1 });
    await consumer.hears('Cancelled: Lantern.');
    expect(counts()).toEqual({ calls: 2, effects: 1, refreshes: 1 });
    const keys = stage.api.requests().slice(-2);
    expect(new Set(keys.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });
});

describe('the recipe with a part missing ends in misconfigured, and the trace names the part', () => {
  test.each([
    ['snippet', { code: '' }, 'the pre-process snippet that sets cidp_accessToken is missing'],
    ['header', { header: false }, 'the integration has no Authorization header'],
  ])('the %s', async (_, missing, cause) => {
    const bot = await recipeBot(missing);
    const consumer = await converse(stage.server.url, bot);
    await consumer.say('where is my order?');
    await signIn(consumer, visitor());
    await consumer.hears(says('outcome.setup_error'));
    expect((await traced(consumer)).notes).toContain(cause);
    expect(links(consumer)).toBe(1);
  });
});
