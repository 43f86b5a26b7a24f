/** Cross-user session fixation: the attacker's conversation must never hold the victim's token (reference/delegation 3.1). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../world/world.ts';
import { newBrowserSecret } from './browser-secret.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let attacker: Conversation;
beforeEach(async () => {
  stage = await setStage();
  attacker = await stage.converse();
});
afterEach(() => stage.close());

const strangersCookie = () => newBrowserSecret(stage.vault, systemRandom);
const tokenRequests = () => stage.provider.tokenRequests().length;

describe('the forwarded link', () => {
  test('F1 untouched: the victim gets a code page, never an unlocked Continue, and nobody gets a token', async () => {
    const attemptId = await stage.ask(attacker);
    const link = stage.link(attemptId);
    const victim = strangersCookie();
    expect(await stage.delegation.proceed(link, victim, null)).toEqual({ kind: 'look', set_browser: null });
    const view = await stage.delegation.visit(link, victim);
    expect(view.kind).toBe('code');
    expect(await stage.delegation.proceed(link, victim, null)).toMatchObject({ kind: 'look' });
    expect((await stage.attempt(attemptId)).status).toBe('offered');
    expect(tokenRequests()).toBe(0);
    expect(await stage.connection(attacker)).toBeUndefined();
  });

  test('F1 after the attacker bound his own browser: any other browser still gets a code page of its own', async () => {
    const plain = await stage.converse({ hosted: false });
    const attemptId = await stage.ask(plain);
    const link = stage.link(attemptId);
    const his = strangersCookie();
    await stage.delegation.proceed(link, his, null);
    const shown = await stage.delegation.visit(link, his);
    await stage.type(plain, shown.kind === 'code' ? shown.code : '');
    expect((await stage.attempt(attemptId)).status).toBe('bound');

    const victim = strangersCookie();
    expect(await stage.delegation.visit(link, victim)).toMatchObject({ kind: 'continue', proven: false });
    await stage.delegation.proceed(link, victim, null);
    const hers = await stage.delegation.visit(link, victim);
    expect(hers.kind).toBe('code');
    expect(hers).not.toEqual(shown);
    expect(await stage.delegation.proceed(link, victim, null)).toMatchObject({ kind: 'look' });
    expect(tokenRequests()).toBe(0);
  });

  test('F8 the page has no place for a code that somebody else gives out: a typed code counts only in the chat', async () => {
    const attemptId = await stage.ask(attacker);
    expect(await stage.delegation.proceed(stage.link(attemptId), null, 'BCDFGH')).toMatchObject({ kind: 'look' });
    expect((await stage.attempt(attemptId)).bound_browser).toBeNull();
  });
});

describe("the forwarded provider's URL", () => {
  test.each([
    ['F2 a browser without any cookie of ours', () => null],
    ['F3 a browser with a chat of its own', () => 'other'],
  ])('%s is refused at the callback, and no token request is sent', async (_, cookie) => {
    const victim = await stage.converse();
    const attemptId = await stage.ask(attacker);
    const returned = await stage.goThrough(attemptId, attacker.browser);
    const browser = cookie() === null ? null : victim.browser;
    await stage.delegation.callback({ ...returned, browser });
    expect(tokenRequests()).toBe(0);
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'rejected', reason: 'binding_missing' });
    expect(await stage.notices(attacker)).toEqual([{ attempt_id: attemptId, outcome: 'binding_failed' }]);
    expect(await stage.connection(attacker)).toBeUndefined();
    // His own browser cannot use the victim's code afterwards either.
    await stage.delegation.callback({ ...returned, browser: attacker.browser });
    expect(tokenRequests()).toBe(0);
    const audited = await stage.db.all<{ details: string }>(
      "SELECT details FROM audit WHERE action = 'sign_in.rejected'",
    );
    expect(audited.map((row) => JSON.parse(row.details).reason)).toEqual(['binding_missing']);
  });
});

test('F5 opening the link changes nothing, whoever opens it and how often', async () => {
  const attemptId = await stage.ask(attacker);
  const before = await stage.attempt(attemptId);
  for (const browser of [null, strangersCookie(), attacker.browser])
    await stage.delegation.visit(stage.link(attemptId), browser);
  expect(await stage.attempt(attemptId)).toEqual(before);
});

test('F6 tokens in quarantine are usable by nobody', async () => {
  const attemptId = await stage.ask(attacker);
  const returned = await stage.goThrough(attemptId, attacker.browser);
  stage.provider.misbehave('held_after_commit');
  const under = stage.delegation.callback({ ...returned, browser: attacker.browser });
  await expect.poll(async () => (await stage.attempt(attemptId)).status).toBe('exchanging');
  expect(await stage.delegation.visit(stage.link(attemptId), attacker.browser)).toMatchObject({ kind: 'working' });
  expect(await stage.connection(attacker)).toBeUndefined();
  expect(await stage.notices(attacker)).toEqual([]);
  stage.provider.release();
  await under;
  expect((await stage.attempt(attemptId)).status).toBe('granted');
});

test("F12 the attacker's browser cannot complete the victim's attempt with his own account", async () => {
  const victim = await stage.converse();
  const attemptId = await stage.ask(victim);
  expect(await stage.delegation.proceed(stage.link(attemptId), attacker.browser, null)).toMatchObject({ kind: 'look' });
  expect(await stage.delegation.visit(stage.link(attemptId), attacker.browser)).toMatchObject({ kind: 'code' });
  expect(await stage.connection(victim)).toBeUndefined();
});

test('F14 two conversations in one browser: a grant of one is no grant of the other', async () => {
  await stage.signIn(attacker);
  const other: Conversation = { ...(await stage.converse()), browser: attacker.browser };
  const ask = { conversation: other, credential: stage.credential, interaction_id: 'i1', scope: '', minimum_level: 0 };
  expect(await stage.delegation.permission(ask)).toEqual({ state: 'missing', reason: 'none' });
});

describe('a minimum that a code does not reach', () => {
  test('a stranger gets neither a code nor a redirect', async () => {
    const attemptId = await stage.ask(attacker, { minimum_level: 3 });
    const victim = strangersCookie();
    expect(await stage.delegation.visit(stage.link(attemptId), victim)).toMatchObject({ kind: 'other_browser' });
    expect(await stage.delegation.proceed(stage.link(attemptId), victim, null)).toEqual({
      kind: 'look',
      set_browser: null,
    });
    expect(await stage.delegation.visit(stage.link(attemptId), attacker.browser)).toMatchObject({
      kind: 'continue',
      proven: true,
    });
  });

  test('a conversation that cannot reach it ends at once with unsupported_channel', async () => {
    const plain = await stage.converse({ hosted: false });
    await expect(stage.ask(plain, { minimum_level: 3 })).rejects.toThrow('unsupported_channel');
    await expect(stage.ask(attacker, { minimum_level: 4 })).rejects.toThrow('unsupported_channel');
  });

  test('a connection of a lower level is not enough for a call that needs more', async () => {
    const plain = await stage.converse({ hosted: false });
    const attemptId = await stage.ask(plain);
    const his = strangersCookie();
    await stage.delegation.proceed(stage.link(attemptId), his, null);
    const shown = await stage.delegation.visit(stage.link(attemptId), his);
    await stage.type(plain, shown.kind === 'code' ? shown.code : '');
    await stage.delegation.callback({ ...(await stage.goThrough(attemptId, his)), browser: his });
    const ask = {
      conversation: plain,
      credential: stage.credential,
      interaction_id: 'i1',
      scope: '',
      minimum_level: 2,
    };
    expect(await stage.delegation.permission(ask)).toMatchObject({ state: 'usable' });
    expect(await stage.delegation.permission({ ...ask, minimum_level: 3 })).toEqual({
      state: 'missing',
      reason: 'level',
    });
  });
});
