import { once } from 'node:events';
import { request } from 'node:http';
import fastify, { type FastifyRequest } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Received, startLoopbackServer } from '../../../acceptance/hostile/loopback-server.ts';
import { systemClock } from '../../world/world.ts';
import { createUploadGate } from './uploads.ts';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let brand: Awaited<ReturnType<typeof startLoopbackServer>>;
const received: Received[] = [];
beforeAll(async () => {
  brand = await startLoopbackServer(async (request, response) => {
    received.push(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server = await startTestServer({ egressAllow: [new URL(brand.url).host] });
  account = await server.account();
});
afterAll(async () => {
  await server.close();
  await brand.close();
});

async function asked() {
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
          { id: 'u', name: 'u', type: 'file_upload', text: 'Send it.', accept: ['json'], integration: 'Take' },
        ],
      },
    ],
    integrations: [
      { id: 't', name: 'Take', type: 'file', method: 'POST', url: `${brand.url}/files`, response_variable: 'Take' },
    ],
  });
  await account.call('POST', `/bots/${bot}/publish`);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const [id, token] = [String(body['conversation_id']), String(body['session_token'])];
  const chat = `/v1/conversations/${id}`;
  const shows = async (part: string) => {
    await expect.poll(async () => (await server.call('GET', `${chat}/events`, { token })).text).toContain(part);
  };
  await server.call('POST', `${chat}/messages`, { json: { id: '1', text: 'hi' }, token });
  await shows('Send it.');
  const send = (
    query: string,
    payload: Buffer,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) =>
    server.app.inject({
      method: 'POST',
      url: `${chat}/files${query}`,
      headers: { host: 'localhost:4300', 'content-type': 'application/json', ...headers },
      payload,
    });
  return { send, shows };
}

test('a file is the body of its request, of whatever type, and reaches the brand as it is', async () => {
  const { send, shows } = await asked();
  // Not even JSON: here it is bytes.
  const sent = await send('?name=bill.json&caption=mine', Buffer.from('{"half": '));
  expect(sent.statusCode).toBe(202);
  expect(sent.json()).toEqual({ seq: expect.any(Number) });
  await shows('Successfully processed the file.');
  expect(received.at(-1)?.body).toContain('{"half": ');
});

test('LD-02 only so many files are read at once, few of a conversation, not all of an account; a place is free when its answer is sent', async () => {
  const sessionOf = ({ headers }: FastifyRequest) => {
    const [account_id = '', conversation_id = ''] = String(headers['x-of']).split('/');
    return { account_id, conversation_id };
  };
  const gate = createUploadGate(
    { clock: systemClock, sessionOf },
    { all: 4, account: 3, conversation: 2, patience: 60_000 },
  );
  const app = fastify();
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  app.post('/', { onRequest: gate }, async () => {
    await held;
    return {};
  });
  const send = async (of: string) =>
    (await app.inject({ method: 'POST', url: '/', headers: { 'x-of': of } })).statusCode;
  const passed = [send('a/1'), send('a/1')];
  expect(await send('a/1')).toBe(503);
  passed.push(send('a/2'));
  expect(await send('a/3')).toBe(503);
  passed.push(send('b/4'));
  expect(await send('c/5')).toBe(503);
  go();
  expect(await Promise.all(passed)).toEqual([200, 200, 200, 200]);
  await expect.poll(() => send('a/1')).toBe(200);
  await app.close();
});

test('LD-02 a file that does not come in time is given up, and its place with it', async () => {
  const sessionOf = () => ({ account_id: 'a', conversation_id: 'c' });
  const gate = createUploadGate(
    { clock: systemClock, sessionOf },
    { all: 1, account: 1, conversation: 1, patience: 50 },
  );
  const app = fastify();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body);
  app.post('/', { onRequest: gate }, async () => ({}));
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const headers = { 'content-type': 'application/octet-stream', 'content-length': 1_000 };
  const slow = request({ port, method: 'POST', headers });
  slow.write('{');
  await once(slow, 'error');
  await expect.poll(async () => (await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(200);
  await app.close();
});

test('LD-02 a file that no bot waits for is refused before its body is read: slow senders hold no place', async () => {
  const bot = await server.publishedBot(account);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const { port } = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));
  const slow = request({
    port,
    method: 'POST',
    path: `/v1/conversations/${String(body['conversation_id'])}/files?name=a.json`,
    headers: {
      host: 'localhost:4300',
      authorization: `Bearer ${String(body['session_token'])}`,
      'content-type': 'application/json',
      'content-length': 1_000,
    },
  });
  slow.on('error', () => {});
  slow.write('{');
  const [answer]: unknown[] = await once(slow, 'response');
  slow.destroy();
  expect(answer).toMatchObject({ statusCode: 409 });
});

test('what is not the session’s, has no name, is empty or too large is refused before anything runs', async () => {
  const { send } = await asked();
  const some = Buffer.from('{}');
  const before = received.length;
  expect((await send('?name=a.json', some, {})).statusCode).toBe(401);
  expect((await send('', some)).statusCode).toBe(400);
  expect((await send('?name=a.json&other=1', some)).statusCode).toBe(400);
  expect((await send('?name=%00.json', some)).statusCode).toBe(400);
  expect((await send('?name=a.json', Buffer.alloc(0))).statusCode).toBe(400);
  expect((await send('?name=a.json', Buffer.alloc(5 * 1024 * 1024 + 1))).json()).toMatchObject({
    code: 'body_too_large',
  });
  expect(received.length).toBe(before);
});
