import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testDatabases } from '../store/test-database.ts';
import { setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
const tokenRequests = () => stage.provider.tokenRequests().length;

describe.each(await testDatabases())('the whole road on $kind', ({ open }) => {
  beforeEach(async () => {
    stage = await setStage({ db: await open() });
  });
  afterEach(() => stage.close());

  test('a hosted chat: Continue, provider, callback, and the connection is usable', async () => {
    const mia = await stage.converse();
    const ask = { conversation: mia, credential: stage.credential, interaction_id: 'i1', scope: '', minimum_level: 0 };
    expect(await stage.delegation.permission(ask)).toEqual({ state: 'missing', reason: 'none' });
    const attemptId = await stage.signIn(mia);
    expect(stage.logged).toEqual([]);
    expect(await stage.attempt(attemptId)).toMatchObject({
      status: 'granted',
      bound_method: 'browser',
      verifier: null,
      nonce: null,
      quarantine: null,
    });
    expect(await stage.delegation.permission(ask)).toMatchObject({ state: 'usable' });
    expect(await stage.connection(mia)).toMatchObject({
      subject: 'mia',
      scope: 'openid orders.read',
      level: 3,
      status: 'active',
    });
    expect(await stage.notices(mia)).toEqual([{ attempt_id: attemptId, outcome: 'granted' }]);
    expect((await stage.signInEvents(mia)).map((event) => event.status)).toEqual(['bound', 'completed']);
    expect(tokenRequests()).toBe(1);
    const view = await stage.delegation.visit(stage.link(attemptId), mia.browser);
    expect(view).toMatchObject({ kind: 'ended', outcome: 'granted' });
  });

  test('a plain client: code, chat, Continue', async () => {
    const api = await stage.converse({ hosted: false });
    const attemptId = await stage.ask(api);
    const link = stage.link(attemptId);
    expect(await stage.delegation.visit(link, null)).toMatchObject({ kind: 'continue', proven: false, auto: false });
    const first = await stage.delegation.proceed(link, null, '0');
    const browser = first.kind === 'look' ? first.set_browser : null;
    expect(browser).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const view = await stage.delegation.visit(link, browser);
    if (view.kind !== 'code') throw new Error(view.kind);
    expect(view.code).toMatch(/^[BCDFGHJKMNPQRSTVWXZ]{3} [BCDFGHJKMNPQRSTVWXZ]{3}$/);
    expect(await stage.type(api, view.code)).toEqual({ kind: 'bound', attempt_id: attemptId });
    expect(await stage.delegation.visit(link, browser)).toMatchObject({ kind: 'continue', proven: true, auto: true });
    await stage.delegation.callback({ ...(await stage.goThrough(attemptId, browser)), browser });
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'granted', bound_method: 'code' });
    expect(await stage.connection(api)).toMatchObject({ level: 2, status: 'active' });
  });

  test('everything at once: ten callbacks, a cancel, typed codes and the sweeper; one end, one notice, one token request at most', async () => {
    for (let round = 0; round < 3; round += 1) {
      const mia = await stage.converse();
      const attemptId = await stage.ask(mia);
      const returned = await stage.goThrough(attemptId, mia.browser);
      const before = tokenRequests();
      await Promise.all([
        ...Array.from({ length: 10 }, () => stage.delegation.callback({ ...returned, browser: mia.browser })),
        stage.db.write((tx) => stage.delegation.cancel(tx, mia.id, attemptId)),
        stage.type(mia, 'BBB BBB'),
        stage.delegation.work(),
      ]);
      expect(tokenRequests() - before).toBeLessThanOrEqual(1);
      expect(await stage.notices(mia)).toHaveLength(1);
      expect(['granted', 'cancelled']).toContain((await stage.attempt(attemptId)).status);
    }
  });

  test('R1 forty calls in two processes on a stale token: one refresh', async () => {
    const mia = await stage.converse();
    await stage.signIn(mia);
    stage.pass(120_000);
    const connection = await stage.connection(mia);
    const wanted = {
      conversation_id: mia.id,
      connection_id: connection?.id ?? '',
      credential: stage.credential,
      request: { method: 'GET', url: `${stage.brand.url}/orders`, headers: {}, timeout_ms: 5_000 },
      idempotency_key: 'key',
      repeatable: true,
    };
    const processes = [stage.delegation, stage.another()];
    const done = await Promise.all(Array.from({ length: 40 }, (_, i) => processes[i % 2]?.call(wanted)));
    expect(done.every((one) => one?.kind === 'ended' && one.result.outcome === 'success')).toBe(true);
    expect(stage.provider.count({ grant_type: 'refresh_token' })).toBe(1);
  });

  test('sign-out: erased, and the provider has heard of it', async () => {
    const mia = await stage.converse();
    await stage.signIn(mia);
    expect(await stage.db.write((tx) => stage.delegation.end(tx, mia.id))).toBe(1);
    expect(await stage.delegation.connections(mia.id)).toMatchObject([{ status: 'revoked' }]);
    await stage.workOff();
    expect(await stage.delegation.connections(mia.id)).toEqual([]);
  });
});
