import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIn } from '../../bot/answered-document.ts';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let conversation: string;

beforeAll(async () => {
  server = await startTestServer();
  account = await server.account();
  const bot = await server.publishedBot(account);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  conversation = String(body['conversation_id']);
  const token = String(body['session_token']);
  const path = `/v1/conversations/${conversation}`;
  const handle = `errand:token:${'h'.repeat(22)}`;
  for (const [at, text] of ['hi', `hi ${handle}`].entries())
    await server.call('POST', `${path}/messages`, { token, json: { id: `m${at}`, text } });
  for (let seq = 0; seq < 4; ) {
    const { body: page } = await server.call('GET', `${path}/events?after=${seq}&wait=5`, { token });
    seq = Number(page['last_seq']);
  }
});
afterAll(() => server.close());

test('a conversation as a script: what was said, what came, and no handle that a consumer typed', async () => {
  const { status, body, text } = await account.call('GET', `/conversations/${conversation}/script`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    bot: 'bot.json',
    apis: [],
    turns: [{ say: 'hi' }, { expect: [{ text: 'hello' }] }, { say: 'hi •••' }, { expect: [expect.anything()] }],
  });
  expect(text).not.toContain('errand:');
});

test('ids of the conversation are expected around, and where that cannot be they are noted', async () => {
  const text = 'You are {$chatBotUserId} in {$conversationId}, well?';
  const button = { label: 'Open', type: 'link', callback: 'https://a.example/?c={$conversationId}' };
  const bot = {
    ...greeter(),
    dialogs: [
      {
        id: 'd',
        name: 'd',
        type: 'standard',
        interactions: [
          { id: 's', name: 's', type: 'starter', patterns: ['hi'] },
          { id: 't', name: 't', type: 'text', text },
          { id: 'b', name: 'b', type: 'button_question', text: 'Here', buttons: [button] },
        ],
      },
    ],
  };
  const id = await account.create('/bots', bot);
  await account.create(`/bots/${id}/publish`, {});
  const { body: opened } = await server.call('POST', `/v1/bots/${id}/conversations`, { json: {} });
  const conversation_id = String(opened['conversation_id']);
  const token = String(opened['session_token']);
  const path = `/v1/conversations/${conversation_id}`;
  await server.call('POST', `${path}/messages`, { token, json: { id: 'm', text: 'hi' } });
  for (let seq = 0; seq < 3; ) {
    const { body: page } = await server.call('GET', `${path}/events?after=${seq}&wait=5`, { token });
    seq = Number(page['last_seq']);
  }
  const { body } = await account.call('GET', `/conversations/${conversation_id}/script`);
  expect(body['turns']).toMatchObject([{ say: 'hi' }, { expect: [{ contains: ['You are ', ' in ', ', well?'] }, {}] }]);
  expect(body['notes']).toMatch(/ids of its own: where "conv_.* stands/);
});

test("another account's conversation is not there, and neither is one that never was", async () => {
  const other = await server.account();
  expect((await other.call('GET', `/conversations/${conversation}/script`)).status).toBe(404);
  expect((await account.call('GET', '/conversations/conv_none/script')).status).toBe(404);
  const { status } = await server.call('GET', `/v1/accounts/${account.id}/conversations/${conversation}/script`);
  expect(status).toBe(401);
});

test('of a conversation that was handed on, the script begins with the bot it was opened with', async () => {
  const starter = { id: 'go-s', name: 'go', type: 'starter', patterns: ['hi'] };
  const to = { id: 'go-r', name: 'on', type: 'route', bot: 'Greeter', message: 'hi' };
  const desk = {
    ...greeter(),
    name: 'Front desk',
    dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions: [starter, to] }],
  };
  const owner = await server.account();
  const second = await server.publishedBot(owner);
  const first = await owner.create('/bots', desk);
  await owner.create(`/bots/${first}/publish`, {});
  const { body: opened } = await server.call('POST', `/v1/bots/${first}/conversations`, { json: {} });
  const path = `/v1/conversations/${String(opened['conversation_id'])}`;
  const token = String(opened['session_token']);
  await server.call('POST', `${path}/messages`, { token, json: { id: 'm1', text: 'hi' } });
  for (let seq = 0; seq < 2; ) {
    const { body: page } = await server.call('GET', `${path}/events?after=${seq}&wait=5`, { token });
    seq = Number(page['last_seq']);
  }
  const { body } = await owner.call('GET', `/conversations/${String(opened['conversation_id'])}/script`);
  expect(body).toMatchObject({
    title: 'A conversation with Front desk',
    bot: 'bot.json',
    bots: [`${second}.json`],
    turns: [{ say: 'hi' }, { expect: [{ text: 'hello' }] }],
  });
  const { body: version } = await owner.call('GET', `/bots/${first}/versions/1`);
  expect(documentIn(version)).toMatchObject({ name: 'Front desk', dialogs: [{ interactions: [starter, to] }] });
});

test("credentials of the account's own are in the script by name, with a secret that is made up", async () => {
  const owner = await server.account();
  const origins = ['https://api.brand.example'];
  await owner.create('/credentials', { name: 'Ours', type: 'access_token', token: 'canary-secret', origins });
  const look = (name: string, credential?: string) => ({
    id: name,
    name,
    type: 'api',
    method: 'GET',
    url: 'https://api.brand.example/',
    response_variable: name,
    fields: [],
    ...(credential && { credential }),
  });
  const integrations = [look('one', 'Ours'), look('two', 'Ours'), look('three')];
  const id = await owner.create('/bots', { ...greeter(), integrations });
  await owner.create(`/bots/${id}/publish`, {});
  const { body: opened } = await server.call('POST', `/v1/bots/${id}/conversations`, { json: {} });
  const { body, text } = await owner.call('GET', `/conversations/${String(opened['conversation_id'])}/script`);
  expect(body['setup']).toEqual({ credentials: { Ours: { accessToken: 'made-up-secret' } } });
  expect(text).not.toContain('canary');
});
