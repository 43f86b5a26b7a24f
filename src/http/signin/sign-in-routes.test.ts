/** The pages as outsiders walk them: with plain HTTP, without scripts. */
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Conversation, publicUrl, setStage, type Stage } from '../../delegation/stage.test-parts.ts';
import { signInRoutes } from './sign-in-routes.ts';

let stage: Stage;
let app: FastifyInstance;
let mia: Conversation;
beforeEach(async () => {
  stage = await setStage();
  app = fastify();
  await app.register(cookie);
  await app.register(signInRoutes({ pages: stage.delegation, publicUrl }));
  mia = await stage.converse();
});
afterEach(async () => {
  await app.close();
  await stage.close();
});

const ownPost = { origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' };

async function get(path: string, browser: string | null = null, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    url: path,
    headers: { ...headers, ...(browser ? { cookie: `errand_browser=${browser}` } : {}) },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}
async function post(path: string, browser: string | null, headers: Record<string, string> = ownPost) {
  const cookies = browser ? { cookie: `errand_browser=${browser}` } : {};
  const answer = await app.inject({ method: 'POST', url: path, headers: { ...headers, ...cookies } });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}
const link = async (conversation = mia, more = {}) => `/sign-in/${stage.link(await stage.ask(conversation, more))}`;
const forms = (body: string) => body.match(/<form method="post" data-continue>/g)?.length ?? 0;
const code = (body: string) => body.match(/<[a-z]+\b[^>]*\bdata-code\b[^>]*>\s*([^<]{4,12}?)\s*</i)?.[1];
const outcomes = (body: string) => [...body.matchAll(/<main\b[^>]*\bdata-outcome="([^"]+)"/g)].map((found) => found[1]);

test('12 a link that is pressed without end: 429 in words, and few questions to the provider', async () => {
  const path = await link();
  const probed: string[] = [];
  const { request } = stage.egress;
  stage.egress.request = (wanted) => {
    probed.push(wanted.url);
    return request(wanted);
  };
  const statuses: number[] = [];
  for (let i = 0; i < 32; i += 1) statuses.push((await post(path, mia.browser)).status);
  expect(statuses).toEqual([...Array.from({ length: 30 }, () => 303), 429, 429]);
  expect(probed.length).toBeGreaterThan(0);
  expect(probed.length).toBeLessThan(15);
  const busy = await post(path, mia.browser);
  expect(busy.body).toContain('One moment, please');
  expect(Number(busy.headers['retry-after'])).toBeGreaterThan(0);
  // Looking is another matter: an open page asks every 1.5 seconds.
  for (let i = 0; i < 60; i += 1) expect((await get(path, mia.browser)).status).toBe(200);
  expect((await post(await link(await stage.converse()), null)).status).toBe(303);
});

test('the page names the brand and the bot, has one form, and changes nothing (L1, HEAD included)', async () => {
  const path = await link();
  const page = await get(path);
  expect(page.status).toBe(200);
  expect(page.body).toContain('Brightwater Goods');
  expect(page.body).toContain('Order desk');
  expect(forms(page.body)).toBe(1);
  expect(outcomes(page.body)).toEqual([]);
  expect((await app.inject({ method: 'HEAD', url: path })).statusCode).toBe(200);
  expect(await stage.signInEvents(mia)).toEqual([]);
});

test("the conversation's own browser: Continue leads to the provider with 303", async () => {
  const path = await link();
  const page = await get(path, mia.browser);
  expect(page.body).toContain('requestSubmit');
  const gone = await post(path, mia.browser);
  expect(gone.status).toBe(303);
  expect(String(gone.headers.location)).toMatch(new RegExp(`^${stage.provider.url}/`));
});

test('a stranger: cookie, 303 to the same address, the code there and no form; then the form again', async () => {
  const plain = await stage.converse({ hosted: false });
  const path = await link(plain);
  const made = await post(path, null);
  expect(made.status).toBe(303);
  expect(made.headers.location).toBe(path);
  const line = String(made.headers['set-cookie']);
  expect(line).toMatch(/^errand_browser=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const browser = line.slice('errand_browser='.length, line.indexOf(';'));
  const shown = await get(path, browser);
  expect(forms(shown.body)).toBe(0);
  expect(code(shown.body)).toMatch(/^[A-Z]{3} [A-Z]{3}$/);
  await stage.type(plain, code(shown.body) ?? '');
  expect(forms((await get(path, browser)).body)).toBe(1);
});

test('no cookie came back: the page says that cookies are needed', async () => {
  const path = await link();
  expect((await get(path)).body).not.toMatch(/cookie/i);
  await post(path, null);
  const page = await get(path);
  expect(page.body).toMatch(/Cookies are needed/);
  expect(page.body).toMatch(/Did somebody send you this link/);
  expect(forms(page.body)).toBe(1);
  // A third person's browser that follows the link meanwhile has refused nothing.
  for (const site of ['none', 'cross-site'])
    expect((await get(path, null, { 'sec-fetch-site': site })).body).not.toMatch(/cookie/i);
});

test.each<[string, Record<string, string>]>([
  ['no origin at all', {}],
  ['another origin', { origin: 'https://evil.example' }],
  ['Origin: null', { origin: 'null' }],
  ['a browser that says cross-site', { origin: publicUrl, 'sec-fetch-site': 'cross-site' }],
  ['a browser that says same-site', { origin: publicUrl, 'sec-fetch-site': 'same-site' }],
  ['a browser that says none', { 'sec-fetch-site': 'none' }],
])('F5 a POST with %s does nothing', async (_, headers) => {
  const path = await link();
  const answer = await post(path, mia.browser, headers);
  expect(answer.status).toBe(403);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(await stage.signInEvents(mia)).toEqual([]);
});

test('a POST of our own page, as a browser sends it, is taken', async () => {
  const path = await link();
  expect((await post(path, mia.browser, { 'sec-fetch-site': 'same-origin', origin: 'null' })).status).toBe(303);
});

test('F4 L7 OA-25 headers: not framed, not stored, nothing from elsewhere; form-action only where no form leads away', async () => {
  const path = await link();
  const page = await get(path, mia.browser);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('form-action');
  expect(page.headers).toMatchObject({
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(page.headers['cross-origin-opener-policy']).toBeUndefined();
  expect(page.body).not.toMatch(/\b(src|href)="(?!http:\/\/localhost:4300)/);
  const ended = await get('/sign-in/none');
  expect(String(ended.headers['content-security-policy'])).toContain("form-action 'none'");
});

describe('the callback', () => {
  async function returned() {
    const attemptId = await stage.ask(mia);
    const { account_id, leaf, query } = await stage.goThrough(attemptId, mia.browser);
    return { attemptId, path: `/callback/${account_id}/${leaf}`, query };
  }

  test('ends in a 303 to a page without code and state, which carries the outcome once and no form', async () => {
    const { attemptId, path, query } = await returned();
    const answer = await get(`${path}?${query}`, mia.browser);
    expect(answer.status).toBe(303);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    const next = new URL(String(answer.headers.location));
    expect(next.search).toBe('');
    const page = await get(next.pathname, mia.browser);
    expect(outcomes(page.body)).toEqual(['granted']);
    expect(forms(page.body)).toBe(0);
    expect(page.body).toContain('Back to the chat');
    expect((await stage.attempt(attemptId)).status).toBe('granted');
    // Again, and from the history: the truth, not an error.
    expect((await get(`${path}?${query}`, mia.browser)).status).toBe(303);
    expect((await get(next.pathname, mia.browser)).status).toBe(200);
    // A stranger learns nothing of it.
    const other = await get(next.pathname);
    expect(outcomes(other.body)).toEqual([]);
    expect(forms(other.body)).toBe(0);
  });

  test('F2 in another browser: no token, and the page says that it could not be proven', async () => {
    const { path, query } = await returned();
    const answer = await get(`${path}?${query}`);
    expect(answer.status).toBe(303);
    expect(outcomes((await get(new URL(String(answer.headers.location)).pathname)).body)).toEqual(['binding_failed']);
    expect(stage.provider.tokenRequests()).toHaveLength(0);
  });

  test('P1 OA-03 OA-18 L7 without a state that we know: to an address without a query, whose page is 400', async () => {
    for (const query of [
      '?state=',
      '?code=a&state=b&state=c',
      '?state=%0d%0aSet-Cookie:x',
      '?error=<script>alert(1)</script>',
    ]) {
      const answer = await get(`/callback/acc/cred${query}`, mia.browser);
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toBe('/callback/acc/cred');
      expect(answer.body).not.toContain('alert(1)');
    }
    const page = await get('/callback/acc/cred', mia.browser);
    expect(page.status).toBe(400);
    expect(page.headers.location).toBeUndefined();
  });

  describe('P14 a provider that answers with a form', () => {
    const send = (path: string, payload: string, type = 'application/x-www-form-urlencoded') =>
      app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': type, origin: 'https://brand.example' },
        payload,
      });

    test('the POST does nothing but lead to the same as a GET of ours, which has the cookie', async () => {
      const { attemptId, path, query } = await returned();
      const answer = await send(
        path,
        `${query}&next=https%3A%2F%2Fevil.example&error_description=${'x'.repeat(9_000)}`,
      );
      expect([answer.statusCode, answer.headers['referrer-policy']]).toEqual([303, 'no-referrer']);
      const location = String(answer.headers.location);
      expect(location.length).toBeLessThan(1_000);
      expect(location).not.toContain('evil');
      expect((await stage.attempt(attemptId)).status).toBe('redirected');
      await get(location, mia.browser);
      expect((await stage.attempt(attemptId)).status).toBe('granted');
    });

    test('from a browser that is not proven it ends as a GET does', async () => {
      const { attemptId, path, query } = await returned();
      await get(String((await send(path, query)).headers.location));
      expect(await stage.attempt(attemptId)).toMatchObject({ status: 'rejected', reason: 'binding_missing' });
      expect(stage.provider.tokenRequests()).toHaveLength(0);
    });

    test('P1 two states stay two, and an address elsewhere is no address', async () => {
      const { attemptId, path, query } = await returned();
      await get(String((await send(path, `${query}&state=second`)).headers.location), mia.browser);
      expect((await stage.attempt(attemptId)).status).toBe('redirected');
      const away = await send('/callback/%2F%2Fevil.example/x', query);
      expect(away.headers.location).toMatch(/^\/callback\/%2F%2Fevil\.example\/x\?/);
    });

    test('only a form, and none without end', async () => {
      const { path, query } = await returned();
      expect((await send(path, '{"state":"x"}', 'application/json')).statusCode).toBe(415);
      expect((await send(path, `${query}&x=${'x'.repeat(660_000)}`)).statusCode).toBe(413);
    });
  });

  test('two cookies of our name: nobody knows which is ours, so it is none', async () => {
    const { path, query } = await returned();
    const cookies = { cookie: `errand_browser=${mia.browser}; errand_browser=${'x'.repeat(43)}` };
    await get(`${path}?${query}`, null, cookies);
    expect(stage.provider.tokenRequests()).toHaveLength(0);
  });
});

test.each(['declined', 'cancelled', 'expired', 'closed'])('%s: the page says so, without a form', async (outcome) => {
  const attemptId = await stage.ask(mia);
  const happen: Record<string, () => Promise<unknown>> = {
    declined: async () => {
      stage.behind.customer.refuses = true;
      await stage.delegation.callback({ ...(await stage.goThrough(attemptId, mia.browser)), browser: mia.browser });
    },
    cancelled: () => stage.db.write((tx) => stage.delegation.cancel(tx, mia.id, attemptId)),
    expired: async () => stage.pass(11 * 60_000),
    closed: () => stage.db.write((tx) => stage.delegation.endConversation(tx, mia.id)),
  };
  await happen[outcome]?.();
  const page = await get(`/sign-in/${stage.link(attemptId)}`, mia.browser);
  expect(outcomes(page.body)).toEqual([outcome]);
  expect(forms(page.body)).toBe(0);
  expect((await post(`/sign-in/${stage.link(attemptId)}`, mia.browser)).status).toBe(303);
});

test('a provider that is down: the page says so and keeps its form; no redirect', async () => {
  const path = await link();
  stage.provider.misbehave('all_503');
  const answer = await post(path, mia.browser);
  expect(answer.status).toBe(503);
  expect(answer.body).toContain('does not answer');
  expect(forms(answer.body)).toBe(1);
});

test('a name that is markup is text on the page', async () => {
  await stage.db.write((tx) => tx.run(`UPDATE account SET name = '<img src=x onerror=alert(1)>"'`));
  const page = await get(await link());
  expect(page.body).not.toContain('<img');
  expect(page.body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;');
});

test('in German where the conversation is', async () => {
  await stage.db.write((tx) => tx.run("UPDATE conversation SET locale = 'de-DE'"));
  const page = await get(await link());
  expect(page.body).toContain('lang="de"');
  expect(page.body).toContain('>Weiter</button>');
});
