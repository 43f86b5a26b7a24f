import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { greeter, isObject, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let bot: string;
beforeAll(async () => {
  server = await startTestServer();
  bot = await server.publishedBot(await server.account());
});
afterAll(() => server.close());

async function open() {
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const url = `/v1/conversations/${body['conversation_id']}`;
  return { url, token: String(body['session_token']) };
}

/** Polls on from what was seen, as a client does. */
async function eventsUntil(chat: { url: string; token: string }, wanted: string) {
  const seen: Record<string, unknown>[] = [];
  while (!JSON.stringify(seen).includes(wanted)) {
    const { status, body } = await server.call('GET', `${chat.url}/events?after=${seen.length}&wait=25`, {
      token: chat.token,
    });
    expect(status).toBe(200);
    if (Array.isArray(body['events'])) seen.push(...body['events'].filter(isObject));
  }
  return seen;
}

describe('a conversation', () => {
  test('is opened, said something to, and answers', async () => {
    const opened = await server.call('POST', `/v1/bots/${bot}/conversations`, {
      json: { channel: 'web', locale: 'en-US' },
    });
    expect(opened).toMatchObject({
      status: 201,
      body: {
        conversation_id: expect.stringMatching(/^conv_/),
        session_token: expect.stringMatching(/^[\w-]{43}$/),
        consumer_id: expect.any(String),
      },
    });
    expect(opened.headers).not.toHaveProperty('set-cookie');
    const chat = await open();
    const said = await server.call('POST', `${chat.url}/messages`, {
      token: chat.token,
      json: { id: 'm1', text: 'hi' },
    });
    expect(said).toMatchObject({ status: 202, body: { seq: 1 } });
    const events = await eventsUntil(chat, 'hello');
    expect(events).toMatchObject([
      { seq: 1, type: 'message', from: 'consumer', text: 'hi', at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
      { seq: 2, type: 'message', from: 'bot', text: 'hello' },
    ]);
  });

  test('is opened with no body, but not with null', async () => {
    const post = (sent: object) => server.call('POST', `/v1/bots/${bot}/conversations`, sent);
    expect((await post({})).status).toBe(201);
    expect((await post({ json: '' })).status).toBe(201);
    expect(await post({ json: 'null' })).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  });

  test('I2: the same id and body again is the same answer; another body is refused', async () => {
    const chat = await open();
    const say = (json: unknown) => server.call('POST', `${chat.url}/messages`, { token: chat.token, json });
    const first = await say({ id: 'm1', text: 'hi' });
    expect(await say({ id: 'm1', text: 'hi' })).toMatchObject({ status: 202, body: first.body });
    expect(await say({ id: 'm1', text: 'ho' })).toMatchObject({ status: 409, body: { code: 'message_id_reused' } });
    expect(await say({ id: 'm1', postback: 'hi' })).toMatchObject({ status: 409, body: { code: 'message_id_reused' } });
  });

  test('an unknown bot and an unpublished one are not found', async () => {
    const account = await server.account();
    const draft = await account.create('/bots', greeter());
    for (const id of ['bot_unknown', draft]) {
      expect(await server.call('POST', `/v1/bots/${id}/conversations`, { json: {} })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
  });

  test('a sign-in at the start is refused in clear words', async () => {
    const answer = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: { sign_in: { id_token: 'x' } } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body', errors: [{ pointer: '/sign_in' }] } });
  });

  test('a sign-in that is wrong is told where, at the start and as a renewal', async () => {
    const { url, token } = await open();
    const cases: [unknown, string][] = [
      [{ code: 3 }, '/sign_in/code'],
      [{ code: 'x', nonce: '' }, '/sign_in/nonce'],
      [{ id_token: ['x'] }, '/sign_in/id_token'],
      [{ id_token: 'x', code: 'y' }, '/sign_in/id_token'],
      ['x', '/sign_in'],
      [{ code: 'x', redirect_uri: 'https://shop.example/back' }, '/sign_in'],
      [{ identity_provider_id: 'idp_x', id_token: 'x.y.z' }, '/sign_in'],
    ];
    for (const [sign_in, pointer] of cases)
      for (const [method, path] of [
        ['POST', `/v1/bots/${bot}/conversations`],
        ['PUT', `${url}/sign-in`],
      ] as const) {
        const answer = await server.call(method, path, { token, json: { sign_in } });
        expect(answer, answer.text).toMatchObject({
          status: 400,
          body: { code: 'invalid_body', errors: [{ pointer }] },
        });
      }
    const put = (sent: object) => server.call('PUT', `${url}/sign-in`, sent);
    expect(await put({ json: {} })).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await put({ token, json: {} })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/sign_in' }] } });
    const headers = { 'content-type': 'text/plain' };
    expect(await put({ token, json: 'x', headers })).toMatchObject({ status: 415 });
  });

  test('is closed: 204, and no further message', async () => {
    const chat = await open();
    expect((await server.call('POST', `${chat.url}/close`, { token: chat.token })).status).toBe(204);
    const after = await server.call('POST', `${chat.url}/messages`, {
      token: chat.token,
      json: { id: 'm1', text: 'hi' },
    });
    expect([401, 409]).toContain(after.status);
  });
});

describe('the session token', () => {
  test('is taken from the Authorization header only, never from a URL or a cookie', async () => {
    const chat = await open();
    for (const query of [`access_token=${chat.token}`, `session_token=${chat.token}`, `token=${chat.token}`]) {
      expect(await server.call('GET', `${chat.url}/events?${query}`)).toMatchObject({ status: 401 });
      expect(await server.call('GET', `${chat.url}/events?${query}`, { token: chat.token })).toMatchObject({
        status: 400,
      });
    }
    const cookie = `session_token=${chat.token}; authorization=Bearer ${chat.token}`;
    const answer = await server.call('GET', `${chat.url}/connections`, { headers: { cookie } });
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  test("TN-04: another conversation's token opens nothing", async () => {
    const [mine, other] = [await open(), await open()];
    for (const path of ['/events', '/connections']) {
      expect([401, 404]).toContain((await server.call('GET', `${mine.url}${path}`, { token: other.token })).status);
    }
    const said = await server.call('POST', `${mine.url}/messages`, {
      token: other.token,
      json: { id: 'x', text: 'hi' },
    });
    expect([401, 404]).toContain(said.status);
    expect((await server.call('GET', `${mine.url}/events`, { token: mine.token })).body).toMatchObject({ events: [] });
  });

  test('TN-07: null, empty, huge and malformed tokens are refused alike', async () => {
    const chat = await open();
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer null',
      'Bearer undefined',
      `Bearer ${'x'.repeat(5_000)}`,
      `Basic ${chat.token}`,
      `Bearer ${chat.token} x`,
      `Bearer ${chat.token}\u00e9`,
    ]) {
      const answer = await server.call('GET', `${chat.url}/connections`, { headers: { authorization } });
      expect(answer, authorization.slice(0, 40)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
  });
});

describe('events by long poll', () => {
  test('come at once if there are any, else as soon as the first comes', async () => {
    const chat = await open();
    const waiting = eventsUntil(chat, 'hello');
    await server.call('POST', `${chat.url}/messages`, { token: chat.token, json: { id: 'm1', text: 'hi' } });
    expect((await waiting).at(-1)).toMatchObject({ text: 'hello' });
    expect((await server.call('GET', `${chat.url}/events?after=2`, { token: chat.token })).body).toEqual({
      events: [],
      last_seq: 2,
    });
  });

  test('ST-02: a position from the future is a gap, junk is 400, more than 25 s is 400', async () => {
    const chat = await open();
    const future = await server.call('GET', `${chat.url}/events?after=99&wait=25`, { token: chat.token });
    expect(future.body).toMatchObject({ events: [{ type: 'gap', seq: 0 }], last_seq: 0 });
    for (const query of ['after=-1', 'after=x', 'after=1e3', 'wait=26', 'wait=-1', 'after=1&after=2', 'x=1']) {
      expect(await server.call('GET', `${chat.url}/events?${query}`, { token: chat.token }), query).toMatchObject({
        status: 400,
      });
    }
    const headers = { accept: 'text/event-stream', 'last-event-id': 'junk' };
    expect(await server.call('GET', `${chat.url}/events`, { token: chat.token, headers })).toMatchObject({
      status: 400,
    });
  });
});

describe("the hosted chat's cookie", () => {
  const start = (headers: Record<string, string>) =>
    server.call('POST', `/v1/bots/${bot}/conversations`, { json: {}, headers });

  test('13 is set for same-origin pages only, once, and kept; a value that was planted is not', async () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect((await start({ 'sec-fetch-site': site })).headers).not.toHaveProperty('set-cookie');
    }
    const first = await start({ 'sec-fetch-site': 'same-origin' });
    const cookie = first.headers['set-cookie'] ?? '';
    expect(cookie).toMatch(/^errand_browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const value = cookie.split(';')[0] ?? '';
    const second = await start({ 'sec-fetch-site': 'same-origin', cookie: value });
    expect(second.headers['set-cookie']).toContain(value);
    for (const chosen of ['known-to-an-attacker', 'A'.repeat(43)]) {
      const planted = await start({ 'sec-fetch-site': 'same-origin', cookie: `errand_browser=${chosen}` });
      expect(planted.headers['set-cookie']).toMatch(/^errand_browser=[\w-]{43};/);
      expect(planted.headers['set-cookie']).not.toContain(chosen);
    }
  });
});

describe('CORS', () => {
  const preflight = (url: string, origin: string) =>
    server.call('OPTIONS', url, {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test("XS-12: only the bot's embed_origins, never with credentials, never the Account API", async () => {
    const account = await server.account();
    const id = await server.publishedBot(account);
    await account.call('PUT', `/bots/${id}`, { json: { embed_origins: ['https://shop.example'] } });
    const url = `/v1/bots/${id}/conversations`;
    const allowed = await preflight(url, 'https://shop.example');
    expect(allowed).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': 'https://shop.example' } });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const opened = await server.call('POST', url, {
      json: {},
      headers: { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(opened).toMatchObject({ status: 201, headers: { 'access-control-allow-origin': 'https://shop.example' } });
    const events = `/v1/conversations/${opened.body['conversation_id']}/messages`;
    expect((await preflight(events, 'https://shop.example')).headers['access-control-allow-origin']).toBe(
      'https://shop.example',
    );
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null']) {
      expect((await preflight(url, origin)).headers).not.toHaveProperty('access-control-allow-origin');
      expect((await preflight(events, origin)).headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect((await preflight(`/v1/accounts/${account.id}/bots`, 'https://shop.example')).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });
});
