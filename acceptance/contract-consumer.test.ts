import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Consumer, converse } from './support/consumer.ts';
import { createJar, outcomeOf } from './support/jar.ts';
import { type OutsiderStage, openStage } from './support/outsider-stage.ts';
import { expectProblem } from './support/problem.ts';
import { passProvider, signIn, unlock } from './support/sign-in.ts';

let stage: OutsiderStage;
let url: string;
let bot: string;
beforeAll(async () => {
  stage = await openStage();
  url = stage.server.url;
  bot = stage.desks[0].managedBot;
});
afterAll(async () => await stage.close());

const visitor = () => stage.brand.users[0] ?? { login: '', password: '' };
const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
const bearer = (consumer: Consumer) => ({ authorization: `Bearer ${consumer.token}` });
const isBot = ({ type, from }: { type: string; from?: string }) => type === 'message' && from === 'bot';

describe('POST /v1/bots/{bot_id}/conversations', () => {
  test('201 with its three fields; the body may be empty or absent', async () => {
    const answers = [
      await post(`/v1/bots/${bot}/conversations`, {}),
      await post(`/v1/bots/${bot}/conversations`, { channel: 'text', locale: 'de-DE' }),
      await fetch(`${url}/v1/bots/${bot}/conversations`, { method: 'POST' }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(201);
      const opened = await answer.json();
      expect(Object.keys(opened).sort()).toEqual(['consumer_id', 'conversation_id', 'session_token']);
      expect(opened.conversation_id).toMatch(/^\w*?[A-Za-z0-9_-]{22,}$/);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  test('the text channel gets no buttons, but a plain link, in the language asked for', async () => {
    const consumer = await converse(url, bot, { channel: 'text', locale: 'de-DE' });
    await consumer.say('where is my order?');
    const offer = await consumer.next(isBot);
    expect(offer.buttons).toBeUndefined();
    expect(offer.text).toMatch(/^Dafür .*http:\/\/localhost:\d+\/sign-in\/[\w-]{40,}$/s);
  });

  test('a browser secret is set for a page of our own origin, and only then', async () => {
    for (const [site, cookies] of [
      ['same-origin', 1],
      ['same-site', 0],
      ['cross-site', 0],
      ['none', 0],
    ] as const) {
      const answer = await post(`/v1/bots/${bot}/conversations`, {}, { 'sec-fetch-site': site });
      expect([site, answer.headers.getSetCookie().length]).toEqual([site, cookies]);
      for (const cookie of answer.headers.getSetCookie())
        expect(cookie).toMatch(/^errand_browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/i);
    }
  });

  test('what is wrong is refused and named', async () => {
    const at = `/v1/bots/${bot}/conversations`;
    expect(await expectProblem(await post(at, { chanel: 'web' }), 400, 'invalid_body')).toMatchObject([
      { pointer: '/chanel' },
    ]);
    expect(await expectProblem(await post(at, { channel: 'fax' }), 400, 'invalid_body')).toMatchObject([
      { pointer: '/channel' },
    ]);
    await expectProblem(await post('/v1/bots/bot_nobody/conversations', {}), 404, 'not_found');
    await expectProblem(await post(at, {}, { 'content-type': 'text/plain' }), 415, 'unsupported_media_type');
    await expectProblem(await post(at, { locale: 'x'.repeat(70_000) }), 413, 'body_too_large');
    await expectProblem(await fetch(`${url}${at}`, { method: 'DELETE' }), 405, 'method_not_allowed');
  });
});

describe('messages', () => {
  test('202 with the seq; the same again the same answer; the same id with another body 409', async () => {
    const consumer = await converse(url, bot);
    const first = await consumer.post({ id: 'm-1', text: 'hello' });
    expect(first.status).toBe(202);
    const answer = await first.json();
    expect(answer).toEqual({ seq: expect.any(Number) });
    const again = await consumer.post({ id: 'm-1', text: 'hello' });
    expect([again.status, await again.json()]).toEqual([202, answer]);
    await expectProblem(await consumer.post({ id: 'm-1', text: 'bye' }), 409, 'message_id_reused');
    await expectProblem(await consumer.post({ id: 'm-1', postback: 'hello' }), 409, 'message_id_reused');
    await consumer.next(isBot);
    expect(consumer.seen.filter(({ from }) => from === 'consumer')).toHaveLength(1);
  });

  test('a postback shows its label and counts as its payload', async () => {
    const consumer = await converse(url, bot);
    expect((await consumer.post({ id: 'p', postback: 'where is my order?', label: 'My order' })).status).toBe(202);
    await consumer.signInUrl();
    expect(consumer.seen[0]).toMatchObject({ type: 'message', from: 'consumer', text: 'My order' });
  });

  test.each<[string, object]>([
    ['no id', { text: 'hello' }],
    ['no text', { id: 'a' }],
    ['text and postback', { id: 'a', text: 'a', postback: 'b' }],
    ['an unknown field', { id: 'a', text: 'a', more: 1 }],
    ['another type', { id: 'a', text: 7 }],
    ['an empty text', { id: 'a', text: '' }],
  ])('%s is refused, and nothing has happened', async (_, body) => {
    const consumer = await converse(url, bot);
    expect((await expectProblem(await consumer.post(body), 400, 'invalid_body')).length).toBeGreaterThan(0);
    const events = await (await consumer.call('GET', '/events')).json();
    expect(events).toEqual({ events: [], last_seq: 0 });
  });
});

describe('the session token', () => {
  test("is needed, is this conversation's, and counts in the header only", async () => {
    const [mine, other] = [await converse(url, bot), await converse(url, bot)];
    const events = `/v1/conversations/${mine.id}/events`;
    await expectProblem(await fetch(url + events), 401, 'unauthorized');
    await expectProblem(await fetch(url + events, { headers: bearer(other) }), 401, 'unauthorized');
    for (const name of ['session_token', 'access_token', 'token']) {
      const inUrl = await fetch(`${url}${events}?${name}=${mine.token}`);
      expect([401, 400]).toContain(inUrl.status);
      const both = await fetch(`${url}${events}?${name}=${mine.token}`, { headers: bearer(mine) });
      await expectProblem(both, 400, 'invalid_body');
      await expectProblem(
        await fetch(url + events, { headers: { cookie: `${name}=${mine.token}` } }),
        401,
        'unauthorized',
      );
    }
    await expectProblem(
      await fetch(`${url}/v1/conversations/conv_nobody/events`, { headers: bearer(mine) }),
      401,
      'unauthorized',
    );
  });

  test('ends after 24 h idle', async () => {
    const consumer = await converse(url, bot);
    await consumer.say('hello');
    await consumer.next(isBot);
    // The server may be writing at this very moment: that is waited for.
    const db = new DatabaseSync(join(stage.server.dataDir, 'errand.db'), { timeout: 10_000 });
    const moved = db
      .prepare('UPDATE conversation SET touched_at = touched_at - 86400001 WHERE id = ?')
      .run(consumer.id);
    db.close();
    expect(moved.changes).toBe(1);
    await expectProblem(await consumer.call('GET', '/events'), 401, 'unauthorized');
    await expectProblem(await consumer.post({ id: 'late', text: 'hello' }), 401, 'unauthorized');
  });
});

describe('events', () => {
  test('after, last_seq, and a wait that ends with the first event', async () => {
    const consumer = await converse(url, bot);
    await consumer.say('hello');
    await consumer.next(isBot);
    const all = await (await consumer.call('GET', '/events?after=0')).json();
    expect(all.events.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
    expect(all.last_seq).toBe(2);
    for (const event of all.events) expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const later = await (await consumer.call('GET', '/events?after=1&wait=25')).json();
    expect(later.events).toHaveLength(1);
    const waiting = consumer.call('GET', '/events?after=2&wait=25');
    await consumer.say('hello again');
    expect((await (await waiting).json()).events[0]).toMatchObject({ seq: 3, text: 'hello again' });
    await expectProblem(await consumer.call('GET', '/events?wait=26'), 400, 'invalid_body');
    await expectProblem(await consumer.call('GET', '/events?after=-1'), 400, 'invalid_body');
    const future = await (await consumer.call('GET', '/events?after=99999')).json();
    expect(future.events).toMatchObject([{ type: 'gap' }]);
  });

  test('as a stream: id is the seq, Last-Event-ID resumes, close ends it', async () => {
    const consumer = await converse(url, bot);
    await consumer.say('hello');
    await consumer.next(isBot);
    const stream = (headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/conversations/${consumer.id}/events`, {
        headers: { ...bearer(consumer), accept: 'text/event-stream', ...headers },
      });
    const [whole, resumed] = [await stream(), await stream({ 'last-event-id': '1' })];
    expect(whole.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await consumer.call('POST', '/close')).status).toBe(204);
    const [all, rest] = [await whole.text(), await resumed.text()];
    expect([...all.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(['1', '2', '3']);
    expect([...rest.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(['2', '3']);
    expect(all).toMatch(/data: \{[^\n]*"type":"closed"[^\n]*\}\n\n$/);
  });
});

describe('close, connections, sign-ins', () => {
  test('close answers 204, and nothing goes on', async () => {
    const consumer = await converse(url, bot);
    expect((await consumer.call('POST', '/close')).status).toBe(204);
    const late = await consumer.post({ id: 'late', text: 'hello' });
    expect([
      [401, 'unauthorized'],
      [409, 'conversation_closed'],
    ]).toContainEqual([late.status, (await late.json()).code]);
  });

  test('what the bot may do for me, and its end', async () => {
    const consumer = await converse(url, bot);
    await consumer.say('where is my order?');
    await signIn(consumer, visitor());
    await consumer.hears('Lantern');
    const { connections } = await (await consumer.call('GET', '/connections')).json();
    expect(connections).toEqual([
      {
        id: expect.any(String),
        credential: 'Sign-in',
        scopes: ['orders.read', 'orders.write'],
        status: 'active',
        since: expect.stringMatching(/Z$/),
        last_used: expect.stringMatching(/Z$/),
      },
    ]);
    const other = await converse(url, bot);
    await expectProblem(await other.call('DELETE', `/connections/${connections[0].id}`), 404, 'not_found');
    expect((await consumer.call('DELETE', `/connections/${connections[0].id}`)).status).toBe(204);
    const left = async () => (await (await consumer.call('GET', '/connections')).json()).connections;
    for (const { status } of await left()) expect(status).not.toBe('active');
    // It stays visible only until the provider has taken its tokens back.
    await expect.poll(left).toEqual([]);
    await consumer.say('where is my order?');
    await consumer.signInUrl();
  });

  test('cancel ends a pending sign-in, renew sends a fresh link for it', async () => {
    const consumer = await converse(url, bot);
    await consumer.say('where is my order?');
    const old = await consumer.signInUrl();
    const offered = await consumer.next(({ type, status }) => type === 'sign_in' && status === 'offered');
    const attempt = `/sign-ins/${offered.attempt_id}`;
    const button = consumer.seen.find(({ buttons }) => buttons)?.buttons?.[0];
    expect(button).toMatchObject({ type: 'link', attempt_id: offered.attempt_id, url: offered.url });
    const other = await converse(url, bot);
    await expectProblem(await other.call('POST', `${attempt}/cancel`), 404, 'not_found');
    expect((await consumer.call('POST', `${attempt}/cancel`)).status).toBe(204);
    expect(await consumer.next(({ status }) => status === 'ended')).toMatchObject({ outcome: 'cancelled' });
    expect(outcomeOf(await createJar().get(old))).toBe('cancelled');
    await expectProblem(await other.call('POST', `${attempt}/renew`), 404, 'not_found');
    expect((await consumer.call('POST', `${attempt}/renew`)).status).toBe(204);
    const fresh = await consumer.signInUrl();
    expect(fresh).not.toBe(old);
    const jar = createJar();
    expect(outcomeOf(await passProvider(jar, await unlock(jar, fresh, consumer), visitor()))).toBe('granted');
  });
});
