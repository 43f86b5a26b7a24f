/** Brand calls with the permission, and handles (reference/delegation 3.6, checks TK-*). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ScriptEffect } from '../engine/step.ts';
import type { DelegatedCall } from './delegation.ts';
import {
  fillTarget,
  fillText,
  guardScriptEffects,
  maskHandles,
  placeHandle,
  signInHandle,
  tokenHandle,
} from './handles.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';
import { tokenOwner } from './token-owner.ts';

let stage: Stage;
let mia: Conversation;
beforeEach(async () => {
  stage = await setStage({ credential: { scope: 'openid orders.read orders.write' } });
  mia = await stage.converse();
  await stage.signIn(mia, { scope: 'orders.read' });
});
afterEach(() => stage.close());

async function wanted(
  more: Partial<DelegatedCall> = {},
  request: Partial<DelegatedCall['request']> = {},
): Promise<DelegatedCall> {
  const connection = await stage.connection(mia);
  return {
    conversation_id: mia.id,
    connection_id: connection?.id ?? '',
    credential: stage.credential,
    request: { method: 'GET', url: `${stage.brand.url}/orders`, headers: {}, timeout_ms: 2_000, ...request },
    idempotency_key: 'key-1',
    repeatable: true,
    ...more,
  };
}

async function accessToken(): Promise<string> {
  const row = await stage.connection(mia);
  if (!row?.access_token) throw new Error('no token');
  return (await stage.vault.open(row.access_token, tokenOwner(row, 'access_token'))).reveal();
}

const sent = () => stage.brand.requests();

describe('managed calls', () => {
  test('the token is put into the header, the use is audited, and nothing shows it', async () => {
    const done = await stage.delegation.call(await wanted({}, { headers: { Authorization: 'Bearer of-the-author' } }));
    expect(done).toMatchObject({ kind: 'ended', result: { outcome: 'success', status: 200 } });
    expect(sent()[0]?.headers.authorization).toBe(`Bearer ${await accessToken()}`);
    expect(JSON.stringify(done)).not.toContain(await accessToken());
    const audited = await stage.db.all<{ subject: string }>("SELECT subject FROM audit WHERE action = 'token.used'");
    expect(audited).toEqual([{ subject: (await stage.connection(mia))?.id }]);
    expect((await stage.connection(mia))?.last_used).toBeTypeOf('number');
  });

  test("X1 only towards the credential's origins", async () => {
    const done = await stage.delegation.call(await wanted({}, { url: `${stage.provider.url}/orders` }));
    expect(done).toMatchObject({ kind: 'ended', result: { outcome: 'blocked' } });
  });

  test("X13 another conversation's or credential's connection is none", async () => {
    const other = await stage.converse();
    expect(await stage.delegation.call(await wanted({ conversation_id: other.id }))).toMatchObject({ kind: 'refused' });
    const credential = { ...stage.credential, id: 'cred2' };
    expect(await stage.delegation.call(await wanted({ credential }))).toMatchObject({ kind: 'refused' });
    expect(sent()).toHaveLength(0);
  });

  test.each(['echo', 'echo_in_401', 'echo_in_500'] as const)(
    'S6 %s: the token in the answer is scrubbed',
    async (name) => {
      const token = await accessToken();
      stage.brand.misbehave(name);
      const done = await stage.delegation.call(await wanted());
      expect(JSON.stringify(done)).not.toContain(token);
      expect(JSON.stringify(done)).not.toContain(btoa(token));
      expect(stage.logged.join()).not.toContain(token);
    },
  );

  test('X5 RF-08 a 401 with a young token: one refresh, one more try, then ask', async () => {
    stage.brand.misbehave('unauthorized', { times: 1 });
    expect(await stage.delegation.call(await wanted({ repeatable: false }, { method: 'POST' }))).toMatchObject({
      kind: 'ended',
      result: { outcome: 'success' },
    });
    expect(sent()).toHaveLength(2);
    expect(sent()[1]?.headers.authorization).not.toBe(sent()[0]?.headers.authorization);
    stage.brand.misbehave('unauthorized');
    expect(await stage.delegation.call(await wanted())).toMatchObject({
      kind: 'refused',
      reason: 'needs_reauth',
      result: { status: 401 },
    });
    expect(sent()).toHaveLength(4);
    expect(stage.provider.count({ grant_type: 'refresh_token' })).toBe(2);
    expect((await stage.connection(mia))?.status).toBe('needs_reauth');
  });

  test('X7 403 insufficient_scope: a new authorization for the union, no refresh; the same again stops', async () => {
    stage.brand.misbehave('insufficient_scope');
    const refused = await stage.delegation.call(await wanted());
    if (refused.kind !== 'refused' || !refused.challenge) throw new Error(refused.kind);
    expect(refused).toMatchObject({
      reason: 'scope',
      challenge: { error: 'insufficient_scope', scope: 'orders.read orders.write' },
    });
    expect(stage.provider.count({ grant_type: 'refresh_token' })).toBe(0);
    const attemptId = await stage.signIn(mia, { scope: 'orders.read', challenge: refused.challenge });
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'granted', scope: 'orders.read orders.write' });
    await expect(stage.ask(mia, { scope: 'orders.read', challenge: refused.challenge })).rejects.toThrow(
      'scope_insufficient',
    );
  });

  test('X8 401 insufficient_user_authentication: asked with the parameters of the challenge, no refresh', async () => {
    stage.brand.misbehave('step_up');
    const refused = await stage.delegation.call(await wanted());
    if (refused.kind !== 'refused' || !refused.challenge) throw new Error(refused.kind);
    expect(refused).toMatchObject({ reason: 'step_up', challenge: { acr_values: 'urn:brand:gold', max_age: 300 } });
    expect(sent()).toHaveLength(1);
    const attemptId = await stage.ask(mia, { challenge: refused.challenge });
    const gone = await stage.delegation.proceed(stage.link(attemptId), mia.browser, null);
    const url = new URL(gone.kind === 'redirect' ? gone.url : 'none:');
    expect(url.searchParams.get('acr_values')).toBe('urn:brand:gold');
    expect(url.searchParams.get('max_age')).toBe('300');
  });

  test('X9 a challenge cannot widen beyond what the operator configured', async () => {
    stage.brand.misbehave('scope_beyond_ceiling');
    const refused = await stage.delegation.call(await wanted());
    if (refused.kind !== 'refused' || !refused.challenge) throw new Error(refused.kind);
    await expect(stage.ask(mia, { challenge: refused.challenge })).rejects.toThrow('scope_insufficient');
  });

  test.each([
    ['status_500', 'unreachable'],
    ['status_429', 'rate_limited'],
    ['redirect', 'failure'],
    ['never_answers', 'timed_out'],
    ['forbidden', 'failure'],
  ] as const)('%s is %s, and never a sign-in', async (name, outcome) => {
    stage.brand.misbehave(name);
    // Tries and pauses between them need time, most of all on a busy machine.
    const timeout_ms = name === 'never_answers' ? 500 : 10_000;
    const done = await stage.delegation.call(await wanted({}, { timeout_ms }));
    expect(done).toMatchObject({ kind: 'ended', result: { outcome } });
    expect((await stage.connection(mia))?.status).toBe('active');
    expect(stage.brand.redirected()).toHaveLength(0);
  });

  test('X10 a POST without an answer is not sent again: its result is unknown', async () => {
    stage.brand.misbehave('reset');
    const done = await stage.delegation.call(await wanted({ repeatable: false }, { method: 'POST' }));
    expect(done).toMatchObject({ kind: 'ended', result: { outcome: 'result_unknown' } });
    expect(stage.brand.byKey()).toEqual({ 'key-1': 1 });
  });
});

describe('recipe calls', () => {
  const recipe = () => ({ ...stage.credential, mode: 'recipe' as const });

  test("TK-02 the handle in the credential's header is redeemed, whatever word stands before it", async () => {
    const handle = tokenHandle(stage.vault, mia.id);
    await stage.delegation.call(
      await wanted({ credential: recipe() }, { headers: { authorization: `Bearer ${handle}` } }),
    );
    expect(sent()[0]?.headers.authorization).toBe(`Bearer ${await accessToken()}`);
  });

  test('TK-10 S5 elsewhere, and of another conversation, a handle is worth nothing', async () => {
    const handle = tokenHandle(stage.vault, mia.id);
    const others = tokenHandle(stage.vault, 'conv_other');
    await stage.delegation.call(
      await wanted(
        { credential: recipe() },
        {
          method: 'POST',
          url: `${stage.brand.url}/orders?t=${handle}`,
          headers: { authorization: `Bearer ${others}`, 'x-copy': handle },
          body: `{"t":"${handle}"}`,
        },
      ),
    );
    const token = await accessToken();
    const request = JSON.stringify(sent()[0]);
    for (const secret of [token, handle, others]) expect(request).not.toContain(secret);
  });
});

describe('handles', () => {
  const vault = { mac: (_: string, text: string) => `mac-of-${text}-and-more-than-twenty-two-characters` };
  const handle = tokenHandle(vault, 'conv_1');
  const attempt = `att_${'a'.repeat(25)}`;

  test('TK-11 a handle is truthy, copyable and of one length', () => {
    expect(handle).toHaveLength(35);
  });

  test('TK-05 TK-07 anything shown has the mask in its place, also for a handle that was cut', () => {
    expect(maskHandles(`a ${handle} b ${handle.slice(0, 20)} c ${signInHandle(attempt)}`)).toBe('a ••• b ••• c •••');
    expect(maskHandles('nothing')).toBe('nothing');
  });

  const linkFor = (id: string) => `https://x/${id}`;

  test('a sign-in handle becomes a link on delivery only', () => {
    expect(fillText(`go: ${signInHandle(attempt)}.`, linkFor)).toBe(`go: https://x/${attempt}.`);
    expect(fillText(`[Login](${signInHandle(attempt)})`, linkFor)).toBe(`[Login](https://x/${attempt})`);
    expect(fillTarget(signInHandle(attempt), linkFor)).toBe(`https://x/${attempt}`);
  });

  test.each([
    'https://evil.example/?u=',
    'evil.example/',
    'www.evil.example?',
    '//evil.example#',
    'sms:1;body=',
    '\\\\a',
  ])('a sign-in handle inside of the address %s is never filled in', (address) => {
    const url = address + signInHandle(attempt);
    expect(fillText(`See ${url} now`, linkFor)).toBe(`See ${address}••• now`);
    expect(fillTarget(url, linkFor)).toBe(`${address}•••`);
  });

  test('one link to a word, and a handle that was cut is none', () => {
    const link = signInHandle(attempt);
    expect(fillText(`${link},${link}`, linkFor)).toBe(`https://x/${attempt},•••`);
    expect(fillText(link.slice(0, 30), linkFor)).toBe('•••');
    expect(fillTarget(`${link}x`, linkFor)).toBe('•••');
  });

  test("the platform's two names take only what the platform gave", () => {
    const set = (name: string, value: string): ScriptEffect => ({
      type: 'set_variable',
      name,
      value,
      scope: 'session',
    });
    const good = [
      set('cidp_accessToken', handle),
      set('external_auth_url', signInHandle(attempt)),
      set('other', 'anything'),
    ];
    const bad = [set('cidp_accessToken', 'stolen'), set('external_auth_url', 'https://evil.example/login')];
    const guarded = guardScriptEffects([...good, ...bad], handle);
    expect(guarded.effects).toEqual(good);
    expect(guarded.dropped).toEqual(['cidp_accessToken', 'external_auth_url']);
  });

  test('only the end of the named header is a place', () => {
    const placed = placeHandle(
      { headers: { Authorization: `token ${handle}` }, url: 'https://x/' },
      { header: 'authorization', handle },
    );
    expect(placed).toEqual({ headers: {}, url: 'https://x/', body: undefined, prefix: 'token ' });
    const inside = placeHandle(
      { headers: { authorization: `${handle}; x` }, url: 'https://x/' },
      { header: 'authorization', handle },
    );
    expect(inside.prefix).toBeNull();
    expect(inside.headers).toEqual({ authorization: '***; x' });
  });
});
