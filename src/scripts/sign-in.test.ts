import { expect, test } from 'vitest';
import type { Integration, Interaction } from '../bot/document.ts';
import { botOf, dialogOf, getItem, rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();

const offer = { text: 'To do that, I need your permission. Please sign in.', links: ['https://sign-in.example/'] };
const calls: Interaction = { id: 'c', name: 'c', type: 'integration', integration: 'Item' };
const says: Interaction = { id: 't', name: 't', type: 'text', text: 'It is a {Item.name}.' };
const mine: Integration = { ...getItem, url: '{$env.api}/mine', credential: 'Brand' };
const bot = (integration: Integration) =>
  botOf([dialogOf('get', 'get*', calls, says)], { integrations: [integration] });
const answerTo = (token: string) => ({
  match: { urlContains: 'https://api.example/mine', headerContains: { Authorization: `Bearer ${token}` } },
  json: { name: 'Lantern' },
});
const environment = { api: 'https://api.example' };
const turns = [{ say: 'get it' }, { expect: [offer, { text: 'It is a Lantern.' }], events: [['sign_in', 'granted']] }];

test('a granted sign-in gives a token, and the call goes on by itself', async () => {
  const done = await run(bot(mine), {
    setup: { environment, sign_in: 'grant' },
    apis: [answerTo('offline-access-token')],
    turns,
  });
  expect(done.failure).toBeUndefined();
});

test("the consumer's token may be the script's", async () => {
  const credentials = { Brand: { securityProtocol: 'CONSUMER_AUTHENTICATION', accessToken: 'mia' } };
  const done = await run(bot(mine), {
    setup: { environment, sign_in: 'grant', credentials },
    apis: [answerTo('mia')],
    turns,
  });
  expect(done.failure).toBeUndefined();
});

test('a scope that the integration asks for is granted too', async () => {
  const done = await run(bot({ ...mine, scope: 'orders.read orders.write' }), {
    setup: { environment, sign_in: 'grant' },
    apis: [answerTo('offline-access-token')],
    turns,
  });
  expect(done.failure).toBeUndefined();
});

test('nobody signs in unless the script says so; in a channel of text the link is in the text', async () => {
  const done = await run(bot(mine), {
    setup: { environment, channel: 'text' },
    turns: [
      { say: 'get it' },
      { expect: [{ contains: ['permission', 'Login: https://sign-in.example/'], buttons: [] }] },
    ],
  });
  expect(done.failure).toBeUndefined();
});

test('a brand that refuses each token ends as a fault of the setup, not in a loop', async () => {
  const done = await run(bot(mine), {
    setup: { environment, sign_in: 'grant' },
    apis: [{ match: { urlContains: '/mine' }, status: 401 }],
    turns: [{ say: 'get it' }, { expect: [offer, { contains: 'not set up correctly' }] }],
  });
  expect(done.failure).toBeUndefined();
});

test('an account that names the consumer in no way needs no sign-in: an import without one', async () => {
  const done = await run(bot({ ...mine, credential: 'import:77' }), {
    setup: { environment },
    apis: [answerTo('offline-access-token')],
    turns: [{ say: 'get it' }, { expect: [{ text: 'It is a Lantern.' }] }],
  });
  expect(done.failure).toBeUndefined();
});

test('a hook that never ends costs its limit, and time stands still meanwhile', async () => {
  const stuck = { ...says, text: 'Went on.', pre_process: 'while (true) {}' };
  const done = await run(botOf([dialogOf('get', 'get', stuck)]), {
    turns: [{ say: 'get' }, { expect: [{ text: 'Went on.' }] }],
  });
  expect(done.failure).toBeUndefined();
  expect(JSON.stringify(done.trace)).toContain('timeout');
  expect(new Set(done.trace.map(({ at }) => at)).size).toBe(1);
});
