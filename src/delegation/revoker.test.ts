/** What is owed to a provider is paid, or seen not to be; and one that hangs keeps nobody else waiting (OA-21, RFC 7009). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../acceptance/hostile/loopback-server.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let desk: LoopbackServer;
let mia: Conversation;
/** What the revocation endpoint answers; undefined: nothing at all. */
let answer: { status: number; body: object } | undefined;
/** Hints of the tokens it was sent, in order. */
let heard: string[];

beforeEach(async () => {
  heard = [];
  answer = { status: 200, body: {} };
  desk = await startLoopbackServer((received, response) => {
    heard.push(new URLSearchParams(received.body).get('token') ?? '');
    if (answer)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  stage = await setStage({
    provider: { revocation_endpoint: `${desk.url}/revoke`, public_key: 'CONSUMER_DELEGATION' },
    credential: { scope: 'orders.read' },
    allow: [desk.place],
  });
  mia = await stage.converse();
});
afterEach(async () => {
  await desk.close();
  await stage.close();
});

const outbox = () =>
  stage.db.all<{ done_at: number | null; gave_up_at: number | null }>('SELECT done_at, gave_up_at FROM outbox');
const end = (conversation = mia) => stage.db.write((tx) => stage.delegation.end(tx, conversation.id));
const audited = async () =>
  (await stage.db.all<{ action: string }>("SELECT action FROM audit WHERE action LIKE 'revocation.%'")).map(
    (row) => row.action,
  );
const open = { done_at: null, gave_up_at: null };
const done = { done_at: expect.any(Number), gave_up_at: null };

describe('7 what the provider answers', () => {
  test.each([
    ['401 invalid_client', 401, { error: 'invalid_client' }],
    ['400 invalid_request', 400, { error: 'invalid_request' }],
    ['403', 403, {}],
    ['503', 503, {}],
  ])('OA-21 %s is no revocation: it is tried again, and then done', async (_, status, body) => {
    await stage.signIn(mia);
    await end();
    answer = { status, body };
    await stage.workOff();
    expect(await outbox()).toEqual([open]);
    answer = { status: 200, body: {} };
    stage.pass(60_000);
    await stage.workOff();
    expect(await outbox()).toEqual([done]);
    expect(await audited()).toEqual([]);
  });

  test('unsupported_token_type is the end of it, and on record', async () => {
    await stage.signIn(mia);
    await end();
    answer = { status: 400, body: { error: 'unsupported_token_type' } };
    await stage.workOff();
    expect(await outbox()).toEqual([done]);
    expect(await audited()).toEqual(['revocation.not_offered']);
  });

  test('after two days it is given up, and on record', async () => {
    await stage.signIn(mia);
    await end();
    answer = { status: 401, body: { error: 'invalid_client' } };
    await stage.workOff();
    stage.pass(49 * 3_600_000);
    await stage.workOff();
    expect(await outbox()).toEqual([{ done_at: null, gave_up_at: expect.any(Number) }]);
    expect(await audited()).toEqual(['revocation.gave_up']);
  });
});

describe('7 a new consent over an old one', () => {
  test('the tokens that it replaces are given back', async () => {
    await stage.signIn(mia);
    await stage.signIn(mia);
    await stage.workOff();
    expect(await outbox()).toEqual([done]);
    await end();
    await stage.workOff();
    expect(new Set(heard).size).toBe(4);
  });

  test('also after the brand has refused them', async () => {
    await stage.signIn(mia);
    const row = await stage.connection(mia);
    stage.brand.misbehave('unauthorized');
    await stage.delegation.call({
      conversation_id: mia.id,
      connection_id: row?.id ?? '',
      credential: stage.credential,
      request: { method: 'GET', url: `${stage.brand.url}/orders`, headers: {}, timeout_ms: 5_000 },
      idempotency_key: 'key',
      repeatable: true,
    });
    expect((await stage.connection(mia))?.status).toBe('needs_reauth');
    await stage.signIn(mia);
    expect(await outbox()).toEqual([open]);
  });
});

describe('8 a provider that hangs', () => {
  test('holds neither the expiry of attempts nor another provider, and gets two requests at once', async () => {
    for (let i = 0; i < 5; i += 1) {
      const one = await stage.converse();
      await stage.signIn(one);
      await end(one);
    }
    const attemptId = await stage.ask(mia);
    answer = undefined;
    await stage.delegation.work();
    await expect.poll(() => heard).toHaveLength(2);
    await stage.db.write((tx) =>
      tx.run(
        `UPDATE outbox SET identity_provider_id = 'other' WHERE id = (SELECT MAX(id) FROM outbox WHERE tries = 0)`,
      ),
    );
    stage.pass(11 * 60_000);
    await stage.delegation.work();
    expect((await stage.attempt(attemptId)).status).toBe('expired');
    // The same desk, but another provider's place; the first one's are still taken.
    await expect.poll(() => heard).toHaveLength(3);
  });

  test('two processes at once: each token is sent once', async () => {
    for (let i = 0; i < 5; i += 1) {
      const one = await stage.converse();
      await stage.signIn(one);
      await end(one);
    }
    await Promise.all([stage.delegation.work(), stage.another().work()]);
    await expect.poll(async () => (await outbox()).every((row) => row.done_at !== null)).toBe(true);
    expect(heard).toHaveLength(10);
    expect(new Set(heard).size).toBe(10);
  });
});
