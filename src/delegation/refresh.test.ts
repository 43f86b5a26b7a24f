/** Refresh and its lock (reference/delegation 3.5, checks RF-*). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DelegatedCall } from './delegation.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let mia: Conversation;
let signedIn: string;
beforeEach(async () => {
  stage = await setStage();
  mia = await stage.converse();
  signedIn = await stage.signIn(mia);
  stage.logged.length = 0;
});
afterEach(() => stage.close());

const refreshes = () => stage.provider.count({ grant_type: 'refresh_token' });
const minute = 60_000;

async function wanted(more: Partial<DelegatedCall> = {}): Promise<DelegatedCall> {
  const connection = await stage.connection(mia);
  return {
    conversation_id: mia.id,
    connection_id: connection?.id ?? '',
    credential: stage.credential,
    request: { method: 'GET', url: `${stage.brand.url}/orders`, headers: {}, timeout_ms: 5_000 },
    idempotency_key: 'key',
    repeatable: true,
    ...more,
  };
}
const call = async (by = stage.delegation) => by.call(await wanted());

test('R6 a token of a minute is not refreshed at each use, and is when its last tenth begins', async () => {
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  stage.pass(50_000);
  await call();
  expect(refreshes()).toBe(0);
  stage.pass(5_000);
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  expect(refreshes()).toBe(1);
});

test('R1 a hundred calls at once in four processes on a stale token: one refresh, a hundred answers', async () => {
  stage.pass(2 * minute);
  const processes = [stage.delegation, stage.another(), stage.another(), stage.another()];
  const results = await Promise.all(Array.from({ length: 100 }, (_, i) => call(processes[i % 4])));
  expect(results.filter((done) => done.kind === 'ended' && done.result.outcome === 'success')).toHaveLength(100);
  expect(refreshes()).toBe(1);
  expect(await stage.connection(mia)).toMatchObject({ status: 'active', token_version: 2, refresh_until: null });
});

test('R2 a holder that was paused past its lease cannot write over the next one', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('held', { times: 1 });
  const paused = call();
  await expect.poll(async () => (await stage.connection(mia))?.status).toBe('refreshing');
  await expect.poll(refreshes).toBe(1);
  stage.pass(20_000);
  expect(await call(stage.another())).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  const second = await stage.connection(mia);
  stage.provider.release();
  await paused;
  expect(await stage.connection(mia)).toMatchObject({
    refresh_token: second?.refresh_token,
    token_version: second?.token_version,
  });
});

test('R3 RF-02 the answer is lost: one more try with the same token, then one new sign-in and no loop', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('lost_answer', { times: 1 });
  const lost = await call();
  expect(refreshes()).toBe(2);
  // This provider kills the family of a token that comes twice.
  expect(lost).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
  expect(await stage.connection(mia)).toMatchObject({
    status: 'needs_reauth',
    access_token: null,
    refresh_token: null,
  });
  expect(await call()).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
  expect(refreshes()).toBe(2);
});

test('R4 RF-06 the provider fails while the token lives: the call goes on with it, and nobody hammers', async () => {
  stage.pass(55_000);
  stage.provider.misbehave('status_500');
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  expect(refreshes()).toBe(1);
});

test('R5 the provider fails and the token is dead: an outage, never a sign-in; afterwards it works again', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('status_503');
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'provider_unavailable' } });
  stage.provider.misbehave();
  stage.pass(15_000);
  expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
});

test('RF-05 invalid_grant: at once, one needs_reauth, no second request', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('invalid_grant');
  expect(await call()).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
  expect(refreshes()).toBe(1);
  const ask = { conversation: mia, credential: stage.credential, interaction_id: 'i1', scope: '', minimum_level: 0 };
  expect(await stage.delegation.permission(ask)).toEqual({ state: 'missing', reason: 'needs_reauth' });
});

test('RF-07 a life of zero again and again makes no storm', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('expires_in_zero');
  for (let i = 0; i < 5; i += 1) expect(await call()).toMatchObject({ result: { outcome: 'success' } });
  expect(refreshes()).toBe(1);
});

test('R8 a sign-out while a refresh is in flight: the result is discarded and given back', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('held_after_commit', { times: 1 });
  const under = call();
  await expect.poll(refreshes).toBe(1);
  await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
  stage.provider.release();
  expect(await under).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
  expect(await stage.connection(mia)).toMatchObject({ status: 'revoked', access_token: null, refresh_token: null });
  expect(await stage.db.all('SELECT id FROM outbox')).toHaveLength(2);
});

test('R9 a new consent while an old refresh is in flight: the older result is discarded', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('held_after_commit', { times: 1 });
  const under = call();
  await expect.poll(refreshes).toBe(1);
  const attemptId = await stage.signIn(mia);
  const consented = await stage.connection(mia);
  expect((await stage.attempt(attemptId)).status).toBe('granted');
  stage.provider.release();
  expect(await under).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  expect(await stage.connection(mia)).toMatchObject({ access_token: consented?.access_token, generation: 2 });
});

test('R10 no new refresh token: the old one is kept', async () => {
  const before = await stage.connection(mia);
  stage.pass(2 * minute);
  stage.provider.misbehave('refresh_token_missing');
  await call();
  const after = await stage.connection(mia);
  expect(after?.refresh_token).toBe(before?.refresh_token);
  expect(after?.access_token).not.toBe(before?.access_token);
});

test('R11 a narrower scope is taken over', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('scope_lower');
  await call();
  expect(await stage.connection(mia)).toMatchObject({ scope: 'openid' });
});

test('R11 an id_token that does not hold refuses the whole answer', async () => {
  stage.pass(2 * minute);
  stage.provider.misbehave('id_token_unsigned');
  expect(await call()).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
});

test('S2 a row copied to another conversation does not open', async () => {
  const other = await stage.converse();
  await stage.signIn(other);
  const mine = await stage.connection(mia);
  await stage.db.write((tx) =>
    tx.run('UPDATE connection SET access_token = ? WHERE conversation_id = ?', mine?.access_token ?? '', other.id),
  );
  const theirs = await stage.connection(other);
  const stolen = await wanted({ conversation_id: other.id, connection_id: theirs?.id ?? '' });
  await expect(stage.delegation.call(stolen)).rejects.toThrow();
  expect(stage.brand.requests()).toHaveLength(0);
});

describe('sign-out', () => {
  test('OA-21 S8 erased at once; the provider hears of it as soon as it answers, and till then it shows as ended', async () => {
    stage.provider.misbehave('all_503');
    await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
    expect(await stage.connection(mia)).toMatchObject({ access_token: null, refresh_token: null });
    await stage.workOff();
    expect(await stage.delegation.connections(mia.id)).toMatchObject([{ credential: 'orders', status: 'revoked' }]);
    stage.provider.misbehave();
    stage.pass(minute);
    await stage.workOff();
    expect(await stage.delegation.connections(mia.id)).toEqual([]);
    expect(await stage.db.all('SELECT body FROM outbox')).toEqual([{ body: '{}' }]);
  });

  test('OA-22 I6 the next call does not start', async () => {
    const before = await wanted();
    await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
    expect(await stage.delegation.call(before)).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
    expect(stage.brand.requests()).toHaveLength(0);
  });

  test('S7 two conversations on one grant: only the last end reaches the provider', async () => {
    const other = await stage.converse();
    await stage.signIn(other);
    await stage.db.write((tx) => stage.delegation.endConversation(tx, mia.id));
    expect(await stage.db.all('SELECT id FROM outbox')).toHaveLength(0);
    await stage.db.write((tx) => stage.delegation.endConversation(tx, other.id));
    expect(await stage.db.all('SELECT id FROM outbox')).toHaveLength(1);
  });

  test('one connection can be ended alone, and only by its own conversation', async () => {
    const other = await stage.converse();
    const one = { connection_id: (await stage.connection(mia))?.id ?? 'none' };
    expect(await stage.db.write((tx) => stage.delegation.end(tx, other.id, one))).toBe(0);
    expect(await stage.db.write((tx) => stage.delegation.end(tx, mia.id, one))).toBe(1);
    expect((await stage.attempt(signedIn)).status).toBe('granted');
  });
});
