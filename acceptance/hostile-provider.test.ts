import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sentence, type SentenceKey } from '../src/api/sentences.ts';
import type { ProviderSwitch } from './hostile/hostile-provider.ts';
import { type Consumer, converse } from './support/consumer.ts';
import { createJar, outcomeOf, type Page } from './support/jar.ts';
import { recipeExport } from './support/outsider-bots.ts';
import { type Desk, type OutsiderStage, openStage } from './support/outsider-stage.ts';
import { passProvider, unlock } from './support/sign-in.ts';

let stage: OutsiderStage;
let desk: Desk;
let recipeBot: string;

beforeAll(async () => {
  stage = await openStage({ desks: 6 });
  desk = stage.desks[0];
  recipeBot = (await stage.outsider.importAndPublish(recipeExport({ brandUrl: stage.api.url }))).id;
});
afterAll(async () => await stage.close());
beforeEach(() => {
  for (const { provider } of stage.desks) provider.misbehave();
  stage.api.misbehave();
});

const says = (key: SentenceKey) => sentence('en', key);
const visitor = () => stage.brand.users[0] ?? { login: '', password: '' };
/** How many sign-ins this consumer was offered. */
const links = (consumer: Consumer) =>
  new Set(consumer.seen.flatMap((event) => JSON.stringify(event).match(/\/sign-in\/[\w-]+/g) ?? [])).size;

async function whileDown<T>(act: () => Promise<T>): Promise<T> {
  await desk.provider.down();
  try {
    return await act();
  } finally {
    await desk.provider.up();
  }
}

interface Tried {
  consumer: Consumer;
  page: Page;
  /** What the event says. */
  outcome: string | undefined;
  /** Token requests with an authorization code since the sign-in began. */
  codesSent: number;
}

/** A whole sign-in against a provider that misbehaves from Continue on. */
async function signInWhile(at: Desk, name: ProviderSwitch | undefined): Promise<Tried> {
  const consumer = await converse(stage.server.url, at.managedBot);
  await consumer.say('where is my order?');
  const jar = createJar();
  const page = await unlock(jar, await consumer.signInUrl(), consumer);
  at.provider.misbehave(name);
  const before = at.provider.count({ grant_type: 'authorization_code' });
  const last = await passProvider(jar, page, visitor());
  const ended = await consumer.next(({ type, status }) => type === 'sign_in' && /completed|ended/.test(status ?? ''));
  const codesSent = at.provider.count({ grant_type: 'authorization_code' }) - before;
  return { consumer, page: last, outcome: ended.outcome, codesSent };
}

describe('the token endpoint answers oddly, and it works', () => {
  test.each<ProviderSwitch | 'nothing odd'>([
    'nothing odd',
    'expires_in_missing',
    'expires_in_null',
    'expires_in_string',
    'expires_in_fraction',
    'expires_in_zero',
    'expires_in_negative',
    'expires_in_huge',
    'expires_in_text',
    'scope_missing',
    'scope_wider',
    'scope_reversed',
    'scope_by_commas',
    'refresh_token_missing',
    'token_type_upper',
    'byte_order_mark',
  ])('T7 T8 T9 T10 OA-14: %s', async (name) => {
    const { consumer, page, outcome, codesSent } = await signInWhile(desk, name === 'nothing odd' ? undefined : name);
    expect([outcomeOf(page), outcome, codesSent]).toEqual(['granted', 'granted', 1]);
    await consumer.hears('Your order: Lantern.');
  });
});

interface Ending {
  outcome: string;
  sentence: SentenceKey;
}
const outage: Ending = { outcome: 'provider_unavailable', sentence: 'outcome.brand_unavailable' };
const providerError: Ending = { outcome: 'provider_error', sentence: 'outcome.provider_error' };
/** Nobody refused and nothing is broken: another try may do. */
const again: Ending = { outcome: 'expired', sentence: 'outcome.expired' };
const misconfigured: Ending = { outcome: 'misconfigured', sentence: 'outcome.setup_error' };

async function expectEnd(at: Desk, name: ProviderSwitch, end: Ending & { codesSent: number }): Promise<void> {
  const tried = await signInWhile(at, name);
  expect({ page: outcomeOf(tried.page), event: tried.outcome, codesSent: tried.codesSent }).toEqual({
    page: end.outcome,
    event: end.outcome,
    codesSent: end.codesSent,
  });
  await tried.consumer.hears(says(end.sentence));
  // A page that ends an attempt has no form, and nothing of the provider's answer.
  expect(tried.page.body).not.toMatch(/<form|<script>alert|computer_says_no/);
  expect(new URL(tried.page.url).search).toBe('');
  const granted = await tried.consumer.call('GET', '/connections');
  expect(await granted.json()).toEqual({ connections: [] });
}

describe('the token endpoint lies, and nothing is granted', () => {
  test.each<[ProviderSwitch, Ending]>([
    ['malformed_json', providerError],
    ['empty', providerError],
    ['html', providerError],
    ['not_an_object', providerError],
    ['deep_json', providerError],
    ['ok_with_error', providerError],
    ['form_encoded', providerError],
    ['three_megabytes', providerError],
    ['gzip_bomb', providerError],
    ['access_token_missing', providerError],
    ['access_token_empty', providerError],
    ['access_token_number', providerError],
    ['access_token_line_break', providerError],
    ['access_token_not_ascii', providerError],
    ['access_token_huge', providerError],
    ['token_type_missing', providerError],
    ['token_type_mac', providerError],
    ['token_type_dpop', providerError],
    ['invalid_grant', providerError],
    ['invalid_client', misconfigured],
    ['redirect', providerError],
    ['status_500', outage],
    ['status_502_html', outage],
    ['status_503', outage],
    ['status_429', outage],
    ['reset', outage],
    ['junk', outage],
    ['cut', outage],
    ['lost_answer', outage],
  ])('T1 T4 T5 T6 T11 T12 T13 OA-14: %s: the code is sent once', async (name, end) => {
    await expectEnd(desk, name, { ...end, codesSent: 1 });
    expect(desk.provider.redirectHits()).toBe(0);
  });

  test('T3: a provider that never answers or drips is cut at ten seconds, and the code is not sent again', async () => {
    const slow: ProviderSwitch[] = ['never_answers', 'drip', 'held', 'held_after_commit'];
    const started = performance.now();
    await Promise.all(slow.map((name, n) => expectEnd(stage.desks[n + 1] ?? desk, name, { ...outage, codesSent: 1 })));
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('the scope is lower than asked', () => {
  test.each<ProviderSwitch>(['scope_lower', 'scope_useless'])('T10: %s: no call, and no second Login', async (name) => {
    const calls = stage.api.requests().length;
    const { consumer, page, codesSent } = await signInWhile(desk, name);
    expect([outcomeOf(page), codesSent]).toEqual(['granted', 1]);
    await consumer.hears(says('outcome.not_enough_permission'));
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.not_enough_permission'));
    expect(stage.api.requests().length).toBe(calls);
    expect(links(consumer)).toBe(1);
  });
});

describe('the authorization response lies', () => {
  test.each<[ProviderSwitch, Ending]>([
    ['iss_missing', providerError],
    ['iss_wrong', providerError],
    ['code_missing', providerError],
    ['code_and_error', { outcome: 'declined', sentence: 'outcome.declined' }],
    ['temporarily_unavailable', outage],
    ['server_error', outage],
    ['login_required', again],
    ['error_unknown', providerError],
    ['error_with_markup', providerError],
  ])('P7 P16 P17 P18 OA-11 OA-16: %s: no token request', async (name, end) => {
    const before = desk.provider.tokenRequests().length;
    await expectEnd(desk, name, { ...end, codesSent: 0 });
    expect(desk.provider.tokenRequests().length).toBe(before);
  });
});

test.each<ProviderSwitch>(['login_required', 'invalid_grant'])(
  'P18 T12: %s: nothing untrue is said of it, and whoever asks again gets a new link that works',
  async (name) => {
    const { consumer, page } = await signInWhile(desk, name);
    const { text } = await consumer.hears(name === 'login_required' ? 'Ask again and I will' : 'Please ask again');
    expect(text).not.toMatch(/too long|too old|permission|set up/i);
    expect(page.body).not.toMatch(/too long|too old|permission/i);
    desk.provider.misbehave();
    await consumer.say('where is my order?');
    const jar = createJar();
    const done = await passProvider(jar, await unlock(jar, await consumer.signInUrl(), consumer), visitor());
    expect([outcomeOf(done), links(consumer)]).toEqual(['granted', 2]);
  },
);

describe('the state', () => {
  test.each<ProviderSwitch>(['state_missing', 'state_wrong', 'state_twice'])(
    'OA-03 P1: %s: no token request, and the sign-in is still open',
    async (name) => {
      const consumer = await converse(stage.server.url, desk.managedBot);
      await consumer.say('where is my order?');
      const jar = createJar();
      const url = await consumer.signInUrl();
      const page = await unlock(jar, url, consumer);
      desk.provider.misbehave(name);
      const before = desk.provider.tokenRequests().length;
      const refused = await passProvider(jar, page, visitor());
      expect([refused.status, outcomeOf(refused)]).toEqual([400, undefined]);
      expect(desk.provider.tokenRequests().length).toBe(before);
      desk.provider.misbehave();
      const done = await passProvider(jar, await jar.get(url), visitor());
      expect(outcomeOf(done)).toBe('granted');
    },
  );
});

describe('the provider is away: an outage message and no Login', () => {
  test.each<ProviderSwitch | 'down'>(['down', 'all_503', 'all_silent'])('RF-06 OP-08: %s', async (name) => {
    const bots = [desk.managedBot, recipeBot];
    const consumers = await Promise.all(bots.map((bot) => converse(stage.server.url, bot)));
    const ask = async () => {
      await Promise.all(consumers.map((consumer) => consumer.say('where is my order?')));
      for (const consumer of consumers) {
        await consumer.hears(says('outcome.brand_unavailable'));
        expect(links(consumer)).toBe(0);
      }
    };
    if (name === 'down') return await whileDown(ask);
    desk.provider.misbehave(name);
    await ask();
  });

  test('R5: also for one who was signed in a moment ago', async () => {
    const { consumer } = await signInWhile(desk, undefined);
    await consumer.hears('Your order: Lantern.');
    await consumer.say('sign out');
    await consumer.hears(says('signed_out'));
    await whileDown(async () => {
      await consumer.say('where is my order?');
      await consumer.hears(says('outcome.brand_unavailable'));
    });
    expect(links(consumer)).toBe(1);
  });

  test('away when Continue is pressed: the page says so, and the same link works later', async () => {
    const consumer = await converse(stage.server.url, desk.managedBot);
    await consumer.say('where is my order?');
    const jar = createJar();
    const url = await consumer.signInUrl();
    await unlock(jar, url, consumer);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: stage.server.url };
    const press = () => jar.hop(url, { method: 'POST', headers, body: '' });
    await whileDown(async () => {
      // Presses within two seconds share one look at the provider.
      await expect.poll(async () => (await press()).status, { interval: 250 }).toBe(503);
      const page = await (await press()).text();
      expect(page).toContain('<form method="post" data-continue>');
      expect(page).not.toContain('data-outcome');
    });
    expect(outcomeOf(await passProvider(jar, await jar.get(url), visitor()))).toBe('granted');
  });

  test.each<ProviderSwitch>([
    'metadata_issuer_wrong',
    'metadata_without_token_endpoint',
    'metadata_token_endpoint_inside',
    'metadata_malformed',
  ])('OA-12: %s: nobody is sent anywhere, or asked to sign in', async (name) => {
    // A desk whose metadata nobody has read yet.
    const at = stage.desks[5] ?? desk;
    const consumer = await converse(stage.server.url, at.managedBot);
    at.provider.misbehave(name);
    await consumer.say('where is my order?');
    await consumer.hears(says('outcome.setup_error'));
    expect([links(consumer), at.provider.tokenRequests()]).toEqual([0, []]);
  });
});

describe('refresh', () => {
  /** Signed in and answered once; the brand refuses the next call, so the token is refreshed. */
  async function askAgain(at: Desk, name: ProviderSwitch | undefined, limit?: { times: number }) {
    const { consumer } = await signInWhile(at, undefined);
    await consumer.hears('Your order: Lantern.');
    const before = at.provider.count({ grant_type: 'refresh_token' });
    at.provider.misbehave(name, limit);
    stage.api.misbehave('unauthorized', { times: 1 });
    await consumer.say('where is my order?');
    const refreshes = () => at.provider.count({ grant_type: 'refresh_token' }) - before;
    return { consumer, refreshes };
  }

  test('RF-08: a 401 is answered by one refresh and one more try', async () => {
    const calls = stage.api.requests().length;
    const { consumer, refreshes } = await askAgain(desk, undefined);
    await consumer.hears('Your order: Lantern.');
    expect(refreshes()).toBe(1);
    expect(stage.api.requests().length - calls).toBe(3);
    expect(links(consumer)).toBe(1);
  });

  test.each<ProviderSwitch>(['status_500', 'status_503', 'status_429', 'malformed_json', 'invalid_client'])(
    'R5 RF-06: %s: a sentence, and no Login',
    async (name) => {
      const { consumer, refreshes } = await askAgain(desk, name);
      const sentence = name === 'malformed_json' ? 'outcome.provider_error' : 'outcome.setup_error';
      await consumer.hears(says(name.startsWith('status') ? 'outcome.brand_unavailable' : sentence));
      expect([refreshes(), links(consumer)]).toEqual([1, 1]);
    },
  );

  test('RF-05: invalid_grant leads to one Login', async () => {
    const { consumer, refreshes } = await askAgain(desk, 'invalid_grant');
    await consumer.hears('Login');
    expect([refreshes(), links(consumer)]).toEqual([1, 2]);
  });

  test('RF-02 R3: a lost answer is asked for once more; a provider that has rotated ends in one Login', async () => {
    const { consumer, refreshes } = await askAgain(desk, 'lost_answer', { times: 1 });
    await consumer.hears('Login');
    expect([refreshes(), links(consumer)]).toEqual([2, 2]);
  });
});
