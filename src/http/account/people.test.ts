import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoopbackServer } from '../../../acceptance/hostile/loopback-server.ts';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let hook: Awaited<ReturnType<typeof startLoopbackServer>>;
beforeAll(async () => {
  hook = await startLoopbackServer(async (_received, response) => void response.writeHead(202).end());
  server = await startTestServer({ egressAllow: [new URL(hook.url).host] });
  account = await server.account();
});
afterAll(async () => {
  await server.close();
  await hook.close();
});

async function handedOver() {
  const bot = await account.create('/bots', {
    format: 'errand.bot/1',
    name: 'Desk',
    dialogs: [
      {
        id: 'd',
        name: 'd',
        type: 'standard',
        interactions: [
          { id: 's', name: 's', type: 'starter', patterns: ['*'] },
          { id: 'x', name: 'x', type: 'transfer', skill: 'orders' },
        ],
      },
    ],
    integrations: [
      {
        id: 'p',
        name: 'People',
        type: 'function',
        method: 'POST',
        url: `${hook.url}/people`,
        response_variable: 'p',
        credential: 'signing',
      },
    ],
    agents: { integration: 'People' },
  });
  await account.call('POST', `/bots/${bot}/publish`);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const [id, token] = [String(body['conversation_id']), String(body['session_token'])];
  const chat = `/v1/conversations/${id}`;
  await server.call('POST', `${chat}/messages`, { json: { id: '1', text: 'hi' }, token });
  const shows = async (part: string) => {
    await expect.poll(async () => (await server.call('GET', `${chat}/events`, { token })).text).toContain(part);
  };
  return { id, token, shows };
}

test('people speak in a conversation that was handed to them, and give it back', async () => {
  await account.create('/credentials', {
    name: 'signing',
    type: 'webhook_signing',
    origins: [hook.url],
    secret: 'whsec_bm90IGEgcmVhbCBzaWduaW5nIHNlY3JldCwgMzIgYnl0ZXM=',
  });
  const { id, token, shows } = await handedOver();
  await shows('"accepted"');
  const said = await account.call('POST', `/conversations/${id}/messages`, { json: { text: 'Hello, I am Ann.' } });
  expect(said).toMatchObject({ status: 201, body: { seq: 5 } });
  await shows('"from":"agent","text":"Hello, I am Ann."');
  const transfer = `/conversations/${id}/transfer`;
  expect((await account.call('POST', transfer, { json: { status: 'gone' } })).status).toBe(400);
  expect((await account.call('POST', transfer, { json: { status: 'ended' } })).status).toBe(204);
  await shows('"ended"');
  expect((await account.call('POST', transfer, { json: { status: 'ended' } })).body).toMatchObject({
    code: 'conflict',
  });
  const other = await server.account();
  const stranger = await other.call('POST', `/conversations/${id}/messages`, { json: { text: 'x' } });
  expect(stranger.status).toBe(404);
  const asConsumer = await server.call('POST', `/v1/accounts/${account.id}${transfer}`, { json: {}, token });
  expect(asConsumer.status).toBe(401);
});
