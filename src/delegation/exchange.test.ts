/** The token endpoint: hostile, broken or slow (reference/delegation 3.4). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderSwitch } from '../../acceptance/hostile/hostile-provider.ts';
import { tokenOwner } from './token-owner.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let mia: Conversation;
beforeEach(async () => {
  stage = await setStage();
  mia = await stage.converse();
});
afterEach(() => stage.close());

const tokenRequests = () => stage.provider.tokenRequests().length;

describe('answers that bring nothing', () => {
  test.each<[string, ProviderSwitch, { reason: string; outcome: string }]>([
    ['T1 500', 'status_500', { reason: 'provider_unavailable', outcome: 'provider_unavailable' }],
    ['T1 502 with HTML', 'status_502_html', { reason: 'provider_unavailable', outcome: 'provider_unavailable' }],
    ['T1 503', 'status_503', { reason: 'provider_unavailable', outcome: 'provider_unavailable' }],
    ['T1 429', 'status_429', { reason: 'provider_unavailable', outcome: 'provider_unavailable' }],
    ['T3 the connection breaks after the send', 'reset', { reason: 'indeterminate', outcome: 'provider_unavailable' }],
    ['T3 the answer is lost', 'lost_answer', { reason: 'indeterminate', outcome: 'provider_unavailable' }],
    ['T4 200 with HTML', 'html', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 200 with an error', 'ok_with_error', { reason: 'provider_error', outcome: 'provider_error' }],
    ['T4 200 empty', 'empty', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 truncated JSON', 'malformed_json', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 no object', 'not_an_object', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 deep nesting', 'deep_json', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 form-encoded', 'form_encoded', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 three megabytes', 'three_megabytes', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T4 a gzip bomb', 'gzip_bomb', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T5 a redirect', 'redirect', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T6 another token type', 'token_type_mac', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T6 DPoP that nobody asked for', 'token_type_dpop', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T6 no token type', 'token_type_missing', { reason: 'malformed_response', outcome: 'provider_error' }],
    [
      'T11 a line break in the token',
      'access_token_line_break',
      { reason: 'malformed_response', outcome: 'provider_error' },
    ],
    [
      'T11 a token that is not ASCII',
      'access_token_not_ascii',
      { reason: 'malformed_response', outcome: 'provider_error' },
    ],
    ['T11 an empty token', 'access_token_empty', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T11 a huge token', 'access_token_huge', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T11 a token that is no text', 'access_token_number', { reason: 'malformed_response', outcome: 'provider_error' }],
    ['T12 invalid_grant', 'invalid_grant', { reason: 'code_rejected', outcome: 'provider_error' }],
    ['T13 invalid_client', 'invalid_client', { reason: 'client_rejected', outcome: 'misconfigured' }],
    ['an unknown error', 'error_unknown', { reason: 'provider_error', outcome: 'provider_error' }],
    ['P15 OA-13 an unsigned id_token', 'id_token_unsigned', { reason: 'id_token_invalid', outcome: 'provider_error' }],
    [
      'P15 OA-13 no id_token though openid was asked',
      'id_token_missing',
      { reason: 'id_token_invalid', outcome: 'provider_error' },
    ],
  ])('%s', async (_, name, { reason, outcome }) => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    stage.provider.misbehave(name);
    await stage.delegation.callback({ ...returned, browser: mia.browser });
    expect(await stage.attempt(attemptId)).toMatchObject({ reason, quarantine: null, verifier: null });
    expect(await stage.notices(mia)).toEqual([{ attempt_id: attemptId, outcome }]);
    expect(await stage.connection(mia)).toBeUndefined();
    // The code is sent once in its life.
    expect(tokenRequests()).toBe(1);
    expect(stage.provider.redirectHits()).toBe(0);
  });

  test('T2 nobody listens: tried again within five seconds, because nothing was sent', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    await stage.provider.down();
    await stage.delegation.callback({ ...returned, browser: mia.browser });
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'failed', reason: 'provider_unavailable' });
    await stage.provider.up();
  });

  test('T14 the process dies in the exchange: the lease ends it, and a later answer changes nothing', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    stage.provider.misbehave('held_after_commit');
    const lost = stage.delegation.callback({ ...returned, browser: mia.browser });
    await expect.poll(async () => (await stage.attempt(attemptId)).status).toBe('exchanging');
    stage.pass(16_000);
    await stage.another().work();
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'failed', reason: 'indeterminate' });
    stage.provider.release();
    await lost;
    expect(await stage.connection(mia)).toBeUndefined();
    expect(await stage.notices(mia)).toHaveLength(1);
    expect(await stage.db.all('SELECT id FROM outbox')).toHaveLength(1);
  });
});

describe('odd answers that are good enough', () => {
  test.each<[string, ProviderSwitch, object]>([
    ['T6 BEARER', 'token_type_upper', { status: 'active' }],
    ['T7 no expires_in', 'expires_in_missing', { expires_at: null, lifetime: null }],
    ['T7 expires_in null', 'expires_in_null', { expires_at: null, lifetime: null }],
    ['T7 expires_in as text', 'expires_in_string', { lifetime: 3_600_000 }],
    ['T7 a fraction', 'expires_in_fraction', { lifetime: 3_600_000 }],
    ['T7 zero', 'expires_in_zero', { lifetime: 0 }],
    ['T7 negative', 'expires_in_negative', { lifetime: 0 }],
    ['T7 huge', 'expires_in_huge', { lifetime: 86_400_000 }],
    ['T7 a word', 'expires_in_text', { expires_at: null, lifetime: null }],
    ['T8 no refresh token', 'refresh_token_missing', { refresh_token: null, status: 'active' }],
    ['T9 no scope', 'scope_missing', { scope: 'openid orders.read' }],
    ['T10 a lower scope', 'scope_lower', { scope: 'openid' }],
    ['T10 a wider scope', 'scope_wider', { scope: 'openid orders.read' }],
    ['T10 another order', 'scope_reversed', { scope: 'openid orders.read' }],
    ['T10 commas', 'scope_by_commas', { scope: 'openid orders.read' }],
    ['OA-14 doubled keys', 'duplicate_keys', { status: 'active' }],
  ])('%s', async (_, name, expected) => {
    stage.provider.misbehave(name);
    const attemptId = await stage.signIn(mia);
    expect((await stage.attempt(attemptId)).status).toBe('granted');
    expect(await stage.connection(mia)).toMatchObject(expected);
  });

  test('T10 what was granted is not enough: missing, and not asked a second time', async () => {
    stage.provider.misbehave('scope_lower');
    await stage.signIn(mia);
    const ask = {
      conversation: mia,
      credential: stage.credential,
      interaction_id: 'i1',
      scope: 'orders.read',
      minimum_level: 0,
    };
    expect(await stage.delegation.permission(ask)).toEqual({ state: 'missing', reason: 'scope' });
    await expect(stage.ask(mia)).rejects.toThrow('scope_insufficient');
  });
});

test('S4 the tokens stand nowhere in clear: not in a table, not in a log line', async () => {
  stage.provider.misbehave('lost_answer', { times: 1 });
  await stage.signIn(mia);
  await stage.signIn(mia);
  const row = await stage.connection(mia);
  if (!row?.access_token || !row.refresh_token) throw new Error('no tokens');
  const access = (await stage.vault.open(row.access_token, tokenOwner(row, 'access_token'))).reveal();
  const refresh = (await stage.vault.open(row.refresh_token, tokenOwner(row, 'refresh_token'))).reveal();
  const codes = stage.provider.tokenRequests().map((request) => request.code ?? '');
  const tables = await stage.db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  let dump = stage.logged.join('\n');
  for (const { name } of tables) dump += JSON.stringify(await stage.db.all(`SELECT * FROM ${name}`));
  expect(codes).toHaveLength(2);
  for (const secret of [access, refresh, 'the-secret-of-errand', ...codes]) expect(dump).not.toContain(secret);
});
