import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let url: string;
let bot: string;
beforeAll(async () => {
  server = await startTestServer();
  bot = await server.publishedBot(await server.account());
  url = await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

async function open() {
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const path = `/v1/conversations/${body['conversation_id']}`;
  const token = String(body['session_token']);
  let said = 0;
  const say = (text: string) =>
    server.call('POST', `${path}/messages`, { token, json: { id: `m${(said += 1)}`, text } });
  return { path, token, say };
}

/** Reads a stream until its text so far passes the test, or it ends. */
async function readStream(chat: { path: string; token: string }, lastEventId?: string) {
  const { port } = new URL(url);
  const headers = {
    host: 'localhost:4300',
    accept: 'text/event-stream',
    authorization: `Bearer ${chat.token}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const sent = request({ host: '127.0.0.1', port, path: `${chat.path}/events`, headers }).end();
  const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
  response.setEncoding('utf8');
  const chunks = response[Symbol.asyncIterator]();
  let text = '';
  return {
    response,
    async until(wanted: RegExp): Promise<string> {
      while (!wanted.test(text)) {
        const next = await chunks.next();
        if (next.done) throw new Error(`ended before ${wanted}: ${text}`);
        text += next.value;
      }
      return text;
    },
    async end(): Promise<string> {
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) text += next.value;
      return text;
    },
    leave: () => sent.destroy(),
  };
}

const ids = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

describe('the event stream', () => {
  test('brings every event with its seq as id', async () => {
    const chat = await open();
    const stream = await readStream(chat);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    await chat.say('hi');
    const text = await stream.until(/"text":"hello"/);
    expect(ids(text)).toEqual([1, 2]);
    stream.leave();
  });

  test('I8, ST-01: resumes after Last-Event-ID: every later event once', async () => {
    const chat = await open();
    await chat.say('hi');
    const first = await readStream(chat);
    await first.until(/^id: 1$/m);
    first.leave();
    const resumed = await readStream(chat, '1');
    await chat.say('hi');
    const text = await resumed.until(/^id: 4$/m);
    expect(ids(text)).toEqual([2, 3, 4]);
    resumed.leave();
  });

  test('ST-02: an id from the future is answered with a gap, and the stream goes on', async () => {
    const chat = await open();
    const stream = await readStream(chat, '4711');
    await stream.until(/"type":"gap"/);
    await chat.say('hi');
    expect(await stream.until(/"text":"hello"/)).toMatch(/"type":"gap"[\s\S]*id: 1\n[\s\S]*id: 2\n/);
    stream.leave();
  });

  test('ST-06: ends when the conversation is closed', async () => {
    const chat = await open();
    const stream = await readStream(chat);
    await stream.until(/retry:/);
    await server.call('POST', `${chat.path}/close`, { token: chat.token });
    expect(await stream.end()).toContain('"type":"closed"');
  });

  test('ST-07: two tabs both see all', async () => {
    const chat = await open();
    const tabs = [await readStream(chat), await readStream(chat)];
    await chat.say('hi');
    for (const tab of tabs) {
      expect(ids(await tab.until(/"text":"hello"/))).toEqual([1, 2]);
      tab.leave();
    }
  });

  test('a conversation has at most 20 open readers; one more is told when to come back', async () => {
    const chat = await open();
    const streams = [];
    for (let i = 0; i < 20; i += 1) streams.push(await readStream(chat));
    const { statusCode, headers } = (await readStream(chat)).response;
    expect([statusCode, headers['retry-after']]).toEqual([429, '5']);
    const poll = await server.call('GET', `${chat.path}/events?wait=25&after=99`, { token: chat.token });
    expect([poll.status, poll.headers['retry-after'], poll.body['code']]).toEqual([429, '5', 'rate_limited']);
    for (const stream of streams) stream.leave();
  });

  test('stopping the server ends open streams', async () => {
    const other = await startTestServer();
    const id = await other.publishedBot(await other.account());
    const { body } = await other.call('POST', `/v1/bots/${id}/conversations`, { json: {} });
    const token = String(body['session_token']);
    const waiting = other.call('GET', `/v1/conversations/${body['conversation_id']}/events?wait=25`, { token });
    await other.close();
    expect((await waiting).status).toBeGreaterThanOrEqual(200);
  });
});
