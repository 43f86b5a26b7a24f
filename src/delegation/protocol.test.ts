/** State, PKCE, nonce, issuer, redirect (reference/delegation 3.2) and the life of a callback. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderSwitch } from '../../acceptance/hostile/hostile-provider.ts';
import { type Conversation, publicUrl, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let mia: Conversation;
beforeEach(async () => {
  stage = await setStage();
  mia = await stage.converse();
});
afterEach(() => stage.close());

const tokenRequests = () => stage.provider.tokenRequests().length;
const callback = (request: { account_id: string; leaf: string; query: string }) =>
  stage.delegation.callback({ ...request, browser: mia.browser });

async function urlOf(attemptId: string): Promise<URL> {
  const gone = await stage.delegation.proceed(stage.link(attemptId), mia.browser, null);
  if (gone.kind !== 'redirect') throw new Error(gone.kind);
  return new URL(gone.url);
}

test('OA-26 OA-07 the authorization request asks for the configured scope, with S256, state and nonce', async () => {
  const url = await urlOf(await stage.ask(mia));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'errand',
    redirect_uri: `${publicUrl}/callback/acc/cred`,
    scope: 'openid orders.read',
    state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    code_challenge_method: 'S256',
  });
});

test('P4 S1 the state is stored only as a hash, the verifier sealed', async () => {
  const url = await urlOf(await stage.ask(mia));
  const dump = JSON.stringify(await stage.db.all('SELECT * FROM attempt'));
  expect(dump).not.toContain(url.searchParams.get('state'));
  expect(dump).not.toContain(url.searchParams.get('code_challenge'));
});

test.each([
  ['no state', 'code=x'],
  ['an empty state', 'code=x&state='],
  ['a state of a megabyte', `code=x&state=${'a'.repeat(1_000_000)}`],
  ['two states', `code=x&state=${'a'.repeat(43)}&state=${'b'.repeat(43)}`],
  ['two codes', `code=x&code=y&state=${'a'.repeat(43)}`],
  ['nothing', ''],
])('P1 OA-03 %s: nothing is looked for, nothing happens', async (_, query) => {
  const attemptId = await stage.ask(mia);
  await urlOf(attemptId);
  expect(await callback({ account_id: 'acc', leaf: 'cred', query })).toEqual({ link: null });
  expect((await stage.attempt(attemptId)).status).toBe('redirected');
});

test('P1 OA-03 L4 a guessed state: the proven browser is shown how its sign-in stands, any other nothing; nothing happens', async () => {
  const attemptId = await stage.ask(mia);
  await urlOf(attemptId);
  const query = `code=x&state=${'a'.repeat(43)}`;
  const own = await callback({ account_id: 'acc', leaf: 'cred', query });
  expect(own.link).toContain(stage.link(attemptId));
  expect(await callback({ account_id: 'acc2', leaf: 'cred', query })).toEqual({ link: null });
  const stranger = { account_id: 'acc', leaf: 'cred', query, browser: null };
  expect(await stage.delegation.callback(stranger)).toEqual({ link: null });
  expect((await stage.attempt(attemptId)).status).toBe('redirected');
});

test('OA-03 each refused callback is one row of the audit, and a flood of them is bounded', async () => {
  const refusals = async () =>
    (await stage.db.all("SELECT seq FROM audit WHERE action = 'sign_in.callback_refused'")).length;
  await callback({ account_id: 'acc', leaf: 'cred', query: 'state=x' });
  await callback({ account_id: 'nobody', leaf: 'cred', query: 'state=x' });
  expect(await refusals()).toBe(1);
  for (let i = 0; i < 50; i += 1) await callback({ account_id: 'acc', leaf: 'cred', query: 'state=x' });
  expect(await refusals()).toBe(20);
  // 14: those that were not written stand in one row, and the next minute's are seen again.
  stage.pass(60_000);
  await stage.delegation.work();
  const [last] = await stage.db.all<{ details: string }>('SELECT details FROM audit ORDER BY seq DESC LIMIT 1');
  expect(JSON.parse(last?.details ?? '{}')).toEqual({ why: 'burst', count: 31, state: 0, query: 31 });
  await callback({ account_id: 'acc', leaf: 'cred', query: 'state=x' });
  expect(await refusals()).toBe(22);
});

test('P2 a state of another account is answered as an unknown one', async () => {
  const returned = await stage.goThrough(await stage.ask(mia), mia.browser);
  expect(await callback({ ...returned, account_id: 'acc2' })).toEqual({ link: null });
  expect(tokenRequests()).toBe(0);
});

test('P3 the state replayed after success: the same browser sees its success, another nothing of it, and no second exchange', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const first = await callback(returned);
  expect(await callback(returned)).toEqual(first);
  stage.pass(3_600_000);
  await stage.delegation.callback({ ...returned, browser: null });
  expect((await stage.delegation.visit(stage.link(attemptId), null)).kind).toBe('over');
  expect((await stage.attempt(attemptId)).status).toBe('granted');
  expect(tokenRequests()).toBe(1);
});

test('the same callback ten times at once: one token request, one notice, and all know the outcome', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const elsewhere = stage.another();
  const twice = [stage.delegation, elsewhere];
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await twice[i % 2]?.callback({ ...returned, browser: mia.browser });
      return (await stage.attempt(attemptId)).status;
    }),
  );
  expect(answers).toEqual(Array(10).fill('granted'));
  expect(tokenRequests()).toBe(1);
  expect(await stage.notices(mia)).toHaveLength(1);
});

test('P5 P6 a code of another sign-in under my own state is refused by verifier', async () => {
  const victim = await stage.converse();
  const stolen = await stage.goThrough(await stage.ask(victim), victim.browser);
  const attemptId = await stage.ask(mia);
  const own = await stage.goThrough(attemptId, mia.browser);
  const query = new URLSearchParams(own.query);
  query.set('code', new URLSearchParams(stolen.query).get('code') ?? '');
  await callback({ ...own, query: query.toString() });
  expect(await stage.attempt(attemptId)).toMatchObject({ status: 'failed', reason: 'code_rejected' });
  expect(await stage.connection(mia)).toBeUndefined();
});

test.each<[string, ProviderSwitch, string]>([
  ['P7 OA-11 another issuer', 'iss_wrong', 'issuer_mismatch'],
  ['P7 OA-11 no issuer although it is promised', 'iss_missing', 'issuer_mismatch'],
  ['P17 code and error', 'code_and_error', 'declined'],
  ['P18 temporarily_unavailable', 'temporarily_unavailable', 'provider_unavailable'],
  ['P18 server_error', 'server_error', 'provider_unavailable'],
  ['P18 login_required', 'login_required', 'interaction_required'],
  ['P16 an error that is markup', 'error_with_markup', 'provider_error'],
  ['neither code nor error', 'code_missing', 'malformed_response'],
])('%s: no exchange', async (_, name, reason) => {
  stage.provider.misbehave(name);
  const attemptId = await stage.ask(mia);
  await callback(await stage.goThrough(attemptId, mia.browser));
  expect(await stage.attempt(attemptId)).toMatchObject({ reason });
  expect(tokenRequests()).toBe(0);
  expect(await stage.notices(mia)).toHaveLength(1);
});

test('P16 a refusal described with 100 kB of markup: declined; cut for the audit, and nowhere else', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const query = new URLSearchParams(returned.query);
  query.delete('code');
  query.set('error', 'access_denied');
  const description = `<script>alert(1)</script>${'x'.repeat(100_000)}`;
  await callback({ ...returned, query: `${query}&error_description=${description}` });
  expect(await stage.attempt(attemptId)).toMatchObject({ status: 'declined', reason: 'declined' });
  const [audit] = await stage.db.all<{ details: string }>(
    "SELECT details FROM audit WHERE action = 'sign_in.declined'",
  );
  expect(JSON.parse(audit?.details ?? '{}')).toMatchObject({
    provider_said: `access_denied: ${description}`.slice(0, 200),
  });
  for (const table of ['attempt', 'event', 'trace', 'inbox'])
    expect(JSON.stringify(await stage.db.all(`SELECT * FROM ${table}`)), table).not.toContain('alert(1)');
});

test('P16 a code of 100 kB ends the sign-in and goes nowhere', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const query = new URLSearchParams(returned.query);
  query.set('code', 'x'.repeat(100_000));
  await callback({ ...returned, query: query.toString() });
  expect(await stage.attempt(attemptId)).toMatchObject({ status: 'failed', reason: 'malformed_response' });
  expect(tokenRequests()).toBe(0);
});

test('P7 an issuer that differs by a slash is another one', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const query = new URLSearchParams(returned.query);
  query.set('iss', `${query.get('iss')}/`);
  await callback({ ...returned, query: query.toString() });
  expect((await stage.attempt(attemptId)).reason).toBe('issuer_mismatch');
  expect(tokenRequests()).toBe(0);
});

test("P8 the callback at another credential's redirect URI is refused", async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  await callback({ ...returned, leaf: 'redirectCode' });
  expect((await stage.attempt(attemptId)).reason).toBe('issuer_mismatch');
  expect(tokenRequests()).toBe(0);
});

test('OA-16 the consumer refuses: declined, and nothing of the description is stored', async () => {
  stage.behind.customer.refuses = true;
  const attemptId = await stage.signIn(mia);
  expect(await stage.attempt(attemptId)).toMatchObject({ status: 'declined', reason: 'declined' });
  expect(await stage.notices(mia)).toEqual([{ attempt_id: attemptId, outcome: 'declined' }]);
  expect(JSON.stringify(await stage.db.all('SELECT * FROM attempt'))).not.toContain('<script>');
});

test('OA-10 further parameters that name hosts or endpoints are ignored', async () => {
  const attemptId = await stage.ask(mia);
  const returned = await stage.goThrough(attemptId, mia.browser);
  const extra = '&token_endpoint=https%3A%2F%2Fevil.example&shop=evil&redirect_uri=https%3A%2F%2Fevil.example';
  await callback({ ...returned, query: returned.query + extra });
  expect((await stage.attempt(attemptId)).status).toBe('granted');
});

describe('the world changes while the link is out', () => {
  test('C1 the conversation was closed: no exchange, closed', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    await stage.db.write((tx) => stage.delegation.endConversation(tx, mia.id));
    await callback(returned);
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'cancelled', reason: 'conversation_closed' });
    expect(tokenRequests()).toBe(0);
  });

  test('C3 cancelled in the chat, then completed in the open tab: refused, and the page says so', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    expect(await stage.db.write((tx) => stage.delegation.cancel(tx, mia.id, attemptId))).toBe(true);
    expect(await stage.db.write((tx) => stage.delegation.cancel(tx, mia.id, attemptId))).toBe(false);
    await callback(returned);
    expect(tokenRequests()).toBe(0);
    expect(await stage.delegation.visit(stage.link(attemptId), null)).toMatchObject({ outcome: 'cancelled' });
    expect(await stage.notices(mia)).toHaveLength(1);
  });

  test('R8 a sign-out during the exchange: what comes is given back and never usable', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    stage.provider.misbehave('held_after_commit');
    const under = callback(returned);
    await expect.poll(async () => (await stage.attempt(attemptId)).status).toBe('exchanging');
    await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
    stage.provider.release();
    await under;
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'cancelled', quarantine: null });
    expect(await stage.connection(mia)).toBeUndefined();
    expect(await stage.db.all('SELECT id FROM outbox WHERE done_at IS NULL')).toHaveLength(1);
    stage.provider.misbehave();
    await stage.workOff();
    expect(await stage.db.all('SELECT id FROM outbox WHERE done_at IS NULL')).toHaveLength(0);
  });

  test('D1 another configuration: the code goes nowhere', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    await stage.db.write((tx) => tx.run('UPDATE identity_provider SET version = version + 1'));
    await callback(returned);
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'superseded', reason: 'config_changed' });
    expect(tokenRequests()).toBe(0);
  });

  test('L8 a callback after the time is over is not exchanged', async () => {
    const attemptId = await stage.ask(mia);
    const returned = await stage.goThrough(attemptId, mia.browser);
    stage.pass(10 * 60_000);
    await callback(returned);
    expect((await stage.attempt(attemptId)).status).toBe('expired');
    expect(tokenRequests()).toBe(0);
  });

  test('OA-17 another person in the same conversation: the tokens of the one before are given back', async () => {
    await stage.signIn(mia);
    stage.behind.customer.login = 'noah';
    await stage.signIn(mia);
    expect(await stage.connection(mia)).toMatchObject({ subject: 'noah', generation: 2 });
    expect(await stage.db.all('SELECT id FROM outbox')).toHaveLength(1);
  });
});

describe('the provider is away', () => {
  test('an outage is seen before a link is offered, and at Continue the attempt stays open', async () => {
    expect(await stage.delegation.obstacle(stage.credential)).toBeUndefined();
    const attemptId = await stage.ask(mia);
    stage.provider.misbehave('all_503');
    stage.pass(6_000);
    expect(await stage.delegation.obstacle(stage.credential)).toBe('provider_unavailable');
    expect(await stage.delegation.proceed(stage.link(attemptId), mia.browser, null)).toMatchObject({ kind: 'outage' });
    expect((await stage.attempt(attemptId)).status).toBe('offered');
    stage.provider.misbehave();
    expect(await stage.delegation.obstacle(stage.credential)).toBeUndefined();
  });

  test.each<[string, ProviderSwitch]>([
    ['another issuer', 'metadata_issuer_wrong'],
    ['no token endpoint', 'metadata_without_token_endpoint'],
    ['malformed', 'metadata_malformed'],
  ])('OA-12 metadata with %s is refused', async (_, name) => {
    stage.provider.misbehave(name);
    expect(await stage.delegation.obstacle(stage.credential)).toBe('misconfigured');
    const attemptId = await stage.ask(mia);
    expect(await stage.delegation.proceed(stage.link(attemptId), mia.browser, null)).toMatchObject({ kind: 'outage' });
    expect(tokenRequests()).toBe(0);
  });
});

describe('recipe mode', () => {
  let recipe: Stage;
  afterEach(() => recipe.close());

  test("P13 the configured URL's own state, nonce, redirect and challenge give way; the rest of it stays", async () => {
    const configured =
      'https://brand.example/auth?client_id=errand&response_type=token&response_mode=fragment&state=S&nonce=N&redirect_uri=https%3A%2F%2Fevil.example&redirectedCode=x&code_challenge=C&scope=orders.read&audience=orders';
    recipe = await setStage({ credential: { mode: 'recipe', scope: 'orders.read', authentication_url: configured } });
    const conversation = await recipe.converse();
    const attemptId = await recipe.ask(conversation);
    const gone = await recipe.delegation.proceed(recipe.link(attemptId), conversation.browser, null);
    const url = new URL(gone.kind === 'redirect' ? gone.url : 'none:');
    expect(url.origin + url.pathname).toBe('https://brand.example/auth');
    expect(url.searchParams.getAll('state')).toHaveLength(1);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      audience: 'orders',
      scope: 'orders.read',
      redirect_uri: `${publicUrl}/callback/acc/redirectCode`,
    });
    for (const gone of ['response_mode', 'redirectedCode']) expect(url.searchParams.has(gone)).toBe(false);
    for (const old of ['S', 'N', 'C']) expect([...url.searchParams.values()]).not.toContain(old);
  });

  test("the seed's shape: LivePerson's second spelling is taken, CONSUMER_DELEGATION means no id_token", async () => {
    recipe = await setStage({
      provider: { public_key: 'CONSUMER_DELEGATION' },
      credential: { mode: 'recipe', scope: 'orders.read' },
    });
    const conversation = await recipe.converse();
    const attemptId = await recipe.ask(conversation);
    const returned = await recipe.goThrough(attemptId, conversation.browser);
    expect(returned.leaf).toBe('redirectCode');
    await recipe.delegation.callback({ ...returned, leaf: 'redirectedCode', browser: conversation.browser });
    expect((await recipe.attempt(attemptId)).status).toBe('granted');
    expect(await recipe.connection(conversation)).toMatchObject({ subject: null, scope: 'orders.read' });
  });

  test.each([
    ['alone: granted', 1, { status: 'granted' }],
    ['beside another one: refused, whatever iss says', 2, { status: 'rejected', reason: 'issuer_mismatch' }],
  ] as const)('P7 P8 a provider without a known issuer, %s', async (_, providers, end) => {
    recipe = await setStage({
      provider: { public_key: 'CONSUMER_DELEGATION' },
      credential: { mode: 'recipe', scope: 'orders.read' },
    });
    const { url } = recipe.provider;
    const unnamed = { issuer: undefined, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` };
    await configure(recipe.db, unnamed);
    if (providers === 2) await addRecipeProvider(recipe.db);
    const conversation = await recipe.converse();
    const attemptId = await recipe.ask(conversation);
    const returned = await recipe.goThrough(attemptId, conversation.browser);
    expect(returned.query).toContain('iss=');
    await recipe.delegation.callback({ ...returned, browser: conversation.browser });
    expect(await recipe.attempt(attemptId)).toMatchObject(end);
    expect(recipe.provider.tokenRequests()).toHaveLength(2 - providers);
  });
});

async function configure(db: Stage['db'], change: object): Promise<void> {
  const row = await db.get<{ document: string }>("SELECT document FROM identity_provider WHERE id = 'idp'");
  const document = JSON.stringify({ ...JSON.parse(row?.document ?? '{}'), ...change });
  await db.write((tx) => tx.run("UPDATE identity_provider SET document = ? WHERE id = 'idp'", document));
}

/** As the account could be before saving refused it. */
async function addRecipeProvider(db: Stage['db']): Promise<void> {
  await db.write(async (tx) => {
    await tx.run(
      `INSERT INTO identity_provider (id, account_id, name, document, version, created_at, updated_at)
       SELECT 'idp2', account_id, 'other', document, 1, 0, 0 FROM identity_provider`,
    );
    await tx.run(
      `INSERT INTO credential (id, account_id, name, type, document, identity_provider_id, version, created_at, updated_at)
       SELECT 'cred2', account_id, 'other', type, document, 'idp2', 1, 0, 0 FROM credential`,
    );
  });
}
