/** Links, browsers and codes (reference/delegation 3.3). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../world/world.ts';
import { codeShape } from './code.ts';
import { newBrowserSecret } from './browser-secret.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const cookie = () => newBrowserSecret(stage.vault, systemRandom);
const tokenRequests = () => stage.provider.tokenRequests().length;

describe('links', () => {
  test('TK-11 a link that was not made here leads nowhere, and says so in the same way', async () => {
    const mia = await stage.converse();
    const link = stage.link(await stage.ask(mia));
    const other = link.at(-1) === 'A' ? 'B' : 'A';
    for (const wrong of ['', 'x', link.slice(0, -1), `${link.slice(0, -1)}${other}`, `${link}A`]) {
      expect(await stage.delegation.visit(wrong, mia.browser)).toEqual({ kind: 'unknown' });
      expect(await stage.delegation.proceed(wrong, mia.browser, null)).toEqual({ kind: 'unknown' });
    }
  });

  test('L3 a double click gets one redirect twice; one set of values is good', async () => {
    const mia = await stage.converse();
    const attemptId = await stage.ask(mia);
    const [first, second] = await Promise.all([
      stage.delegation.proceed(stage.link(attemptId), mia.browser, '0'),
      stage.delegation.proceed(stage.link(attemptId), mia.browser, '0'),
    ]);
    expect(first.kind).toBe('redirect');
    expect(second).toEqual(first);
  });

  test('L4 two tabs: the second shows that it is done, and nothing is exchanged again', async () => {
    const mia = await stage.converse();
    const attemptId = await stage.signIn(mia);
    expect(await stage.delegation.visit(stage.link(attemptId), mia.browser)).toMatchObject({
      kind: 'ended',
      outcome: 'granted',
    });
    expect(await stage.delegation.proceed(stage.link(attemptId), mia.browser, null)).toEqual({
      kind: 'look',
      set_browser: null,
    });
    expect(tokenRequests()).toBe(1);
    expect(await stage.delegation.visit(stage.link(attemptId), cookie())).toMatchObject({ kind: 'over' });
  });

  test('L5 back from the provider and Continue again: new values, the old ones are dead', async () => {
    const mia = await stage.converse();
    const attemptId = await stage.ask(mia);
    const old = await stage.goThrough(attemptId, mia.browser);
    const page = await stage.delegation.visit(stage.link(attemptId), mia.browser);
    expect(page).toMatchObject({ kind: 'continue', auto: false });
    const again = await stage.delegation.proceed(
      stage.link(attemptId),
      mia.browser,
      page.kind === 'continue' ? page.visit : '',
    );
    if (again.kind !== 'redirect') throw new Error(again.kind);
    const own = { link: stage.link(attemptId) };
    expect(await stage.delegation.callback({ ...old, browser: mia.browser })).toMatchObject({
      link: expect.stringContaining(own.link),
    });
    expect(await stage.delegation.callback({ ...old, browser: cookie() })).toEqual({ link: null });
    expect(tokenRequests()).toBe(0);
    await stage.delegation.callback({ ...(await stage.walk(again.url)), browser: mia.browser });
    expect((await stage.attempt(attemptId)).status).toBe('granted');
    // The tab that comes back last is told of the success, and brings nothing.
    expect(await stage.delegation.callback({ ...old, browser: mia.browser })).toMatchObject({
      link: expect.stringContaining(own.link),
    });
    expect(await stage.delegation.visit(own.link, mia.browser)).toMatchObject({ kind: 'ended', outcome: 'granted' });
    expect(tokenRequests()).toBe(1);
  });

  test('L6 OA-05 an old link says that it is old, also before anybody has noted its end; then there is one notice', async () => {
    const mia = await stage.converse();
    const attemptId = await stage.ask(mia);
    stage.pass(11 * 60_000);
    expect(await stage.delegation.visit(stage.link(attemptId), mia.browser)).toMatchObject({
      kind: 'ended',
      outcome: 'expired',
    });
    expect(await stage.delegation.proceed(stage.link(attemptId), mia.browser, null)).toMatchObject({ kind: 'look' });
    await stage.delegation.work();
    await stage.delegation.work();
    expect(await stage.notices(mia)).toEqual([{ attempt_id: attemptId, outcome: 'expired' }]);
  });

  test('the same question again attaches to the open attempt; another scope supersedes it', async () => {
    const mia = await stage.converse();
    const first = await stage.ask(mia);
    expect(await stage.ask(mia)).toBe(first);
    const second = await stage.ask(mia, { scope: 'orders.read' });
    expect(second).not.toBe(first);
    expect(await stage.attempt(first)).toMatchObject({ status: 'superseded' });
    expect(await stage.notices(mia)).toEqual([{ attempt_id: first, outcome: 'superseded' }]);
  });

  test('D4 a flood of sign-ins in one conversation is stopped', async () => {
    const mia = await stage.converse();
    const asked = async () => {
      for (let i = 0; i < 40; i += 1) await stage.ask(mia, { scope: i % 2 ? 'openid' : 'orders.read' });
    };
    await expect(asked()).rejects.toThrow('rate_limited');
  });
});

describe('codes', () => {
  let api: Conversation;
  let attemptId: string;
  let browser: string;
  let code: string;
  beforeEach(async () => {
    api = await stage.converse({ hosted: false });
    attemptId = await stage.ask(api);
    browser = cookie();
    code = await codeOf(attemptId, browser);
  });

  async function codeOf(attempt: string, of: string): Promise<string> {
    await stage.delegation.proceed(stage.link(attempt), of, null);
    const view = await stage.delegation.visit(stage.link(attempt), of);
    return view.kind === 'code' ? view.code : `none: ${view.kind}`;
  }
  const wrongOf = (right: string) => (codeShape(right)?.startsWith('B') ? 'CCC CCC' : 'BBB BBB');

  test('V1 a message that is not a code alone belongs to the bot and never counts as wrong', async () => {
    for (const text of ['my order 123456 is late', `the code is ${code}`, 'hello', 'ABC DEF', '', 'BCDFG', 'BCDFGHJ']) {
      expect(await stage.type(api, text)).toEqual({ kind: 'none' });
    }
    expect((await stage.attempt(attemptId)).wrong_codes).toBe(0);
  });

  test('V1 where no browser shows a code, six consonants are a message like any other', async () => {
    const other = await stage.converse({ hosted: false });
    await stage.ask(other);
    expect(await stage.type(other, 'RHYTHM')).toEqual({ kind: 'none' });
    expect(await stage.type(other, 'BCDFGH')).toEqual({ kind: 'none' });
  });

  test('V2 five wrong codes end the attempt; the answer says how many are left', async () => {
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await stage.type(api, wrongOf(code)));
    expect(answers.map((answer) => (answer.kind === 'rejected' ? answer.attempts_left : answer.kind))).toEqual([
      4,
      3,
      2,
      1,
      'ended',
    ]);
    expect(await stage.attempt(attemptId)).toMatchObject({ status: 'rejected', reason: 'code_attempts' });
    expect(await stage.type(api, code)).toEqual({ kind: 'late', attempt_id: attemptId });
    expect(await stage.notices(api)).toEqual([{ attempt_id: attemptId, outcome: 'binding_failed' }]);
    const events = await stage.signInEvents(api);
    expect(events.map((event) => event.status)).toEqual([
      'code_rejected',
      'code_rejected',
      'code_rejected',
      'code_rejected',
      'ended',
    ]);
  });

  test('V2 the count survives new links: fifteen an hour stop the conversation', async () => {
    for (let link = 0; link < 3; link += 1) {
      const current = link === 0 ? attemptId : await stage.ask(api);
      const right = await codeOf(current, cookie());
      for (let i = 0; i < 5; i += 1) await stage.type(api, wrongOf(right));
    }
    await expect(stage.ask(api)).rejects.toThrow('binding_failed');
    stage.pass(3_600_001);
    await expect(stage.ask(api)).resolves.toMatch(/^att_/);
  });

  test("V3 another conversation's code is wrong, and counts", async () => {
    const other = await stage.converse({ hosted: false });
    const theirs = await codeOf(await stage.ask(other), cookie());
    expect(await stage.type(api, theirs)).toMatchObject({ kind: 'rejected', attempts_left: 4 });
  });

  test.each([
    ['lower case', (text: string) => text.toLowerCase()],
    ['a dash', (text: string) => text.replace(' ', '-')],
    ['no space', (text: string) => text.replace(' ', '')],
    ['spaces between all', (text: string) => [...text.replace(' ', '')].join(' ')],
    ['line breaks around', (text: string) => `\n ${text}\r\n`],
    [
      'full-width letters',
      (text: string) =>
        [...text].map((sign) => (sign === ' ' ? '\u3000' : String.fromCharCode(sign.charCodeAt(0) + 0xfee0))).join(''),
    ],
  ])('V4 accepted with %s', async (_, written) => {
    expect(await stage.type(api, written(code))).toEqual({ kind: 'bound', attempt_id: attemptId });
  });

  test.each([
    ['V5 after expiry', async () => stage.pass(11 * 60_000)],
    [
      'V5 C3 after cancel',
      async () => void (await stage.db.write((tx) => stage.delegation.cancel(tx, api.id, attemptId))),
    ],
  ])('%s the right code binds nothing and is known as late; any other six letters are a message', async (_, happen) => {
    await happen();
    expect(await stage.type(api, code)).toEqual({ kind: 'late', attempt_id: attemptId });
    await stage.delegation.work();
    expect(await stage.type(api, code.toLowerCase())).toEqual({ kind: 'late', attempt_id: attemptId });
    expect(await stage.type(api, wrongOf(code))).toEqual({ kind: 'none' });
    expect(await stage.attempt(attemptId)).toMatchObject({ bound_browser: null, wrong_codes: 0 });
    expect(await stage.type(await stage.converse({ hosted: false }), code)).toEqual({ kind: 'none' });
  });

  test("V5 only the last sign-in's codes are kept, and none after a grant or the conversation's end", async () => {
    const kept = async () => (await stage.db.all('SELECT attempt_id FROM attempt_browser')).length;
    const cancel = (id: string) => stage.db.write((tx) => stage.delegation.cancel(tx, api.id, id));
    await cancel(attemptId);
    const next = await stage.ask(api);
    const nextCode = await codeOf(next, cookie());
    expect(await stage.type(api, code)).toMatchObject({ kind: 'rejected', attempt_id: next });
    await cancel(next);
    expect(await stage.type(api, code)).toEqual({ kind: 'none' });
    expect(await stage.type(api, nextCode)).toEqual({ kind: 'late', attempt_id: next });
    expect(await kept()).toBe(1);
    await stage.db.write((tx) => stage.delegation.endConversation(tx, api.id));
    expect(await kept()).toBe(0);
  });

  test('V6 a right code from another conversation does not bind', async () => {
    const other = await stage.converse({ hosted: false });
    expect(await stage.type(other, code)).toEqual({ kind: 'none' });
    expect((await stage.attempt(attemptId)).status).toBe('offered');
  });

  test('at most three unbound browsers: a fourth takes the place of the oldest', async () => {
    const more = [cookie(), cookie(), cookie()];
    for (const one of more) {
      stage.pass(1_000);
      await codeOf(attemptId, one);
    }
    expect((await stage.delegation.visit(stage.link(attemptId), browser)).kind).toBe('continue');
    expect(await stage.type(api, code)).toMatchObject({ kind: 'rejected' });
  });

  test('the code binds exactly the browser that showed it, and dies with its use', async () => {
    const second = cookie();
    await codeOf(attemptId, second);
    await stage.type(api, code);
    expect(await stage.delegation.visit(stage.link(attemptId), browser)).toMatchObject({
      kind: 'continue',
      proven: true,
    });
    expect(await stage.delegation.visit(stage.link(attemptId), second)).toMatchObject({ kind: 'code' });
    expect(await stage.type(api, code)).toMatchObject({ kind: 'rejected' });
  });

  test('S1 neither link nor code nor cookie stands in the database', async () => {
    const dump = JSON.stringify([
      await stage.db.all('SELECT * FROM attempt'),
      await stage.db.all('SELECT * FROM attempt_browser'),
      await stage.db.all('SELECT * FROM event'),
    ]);
    for (const secret of [stage.link(attemptId), code, code.replace(' ', ''), browser])
      expect(dump).not.toContain(secret);
  });
});
