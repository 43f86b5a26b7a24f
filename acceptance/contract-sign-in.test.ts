import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Consumer, converse } from './support/consumer.ts';
import { codeOf, createJar, hasContinue, type Jar, outcomeOf, type Page } from './support/jar.ts';
import { recipeExport } from './support/outsider-bots.ts';
import { type OutsiderStage, openStage } from './support/outsider-stage.ts';
import { passProvider, unlock } from './support/sign-in.ts';

let stage: OutsiderStage;
let recipeBot: string;
beforeAll(async () => {
  stage = await openStage();
  recipeBot = (await stage.outsider.importAndPublish(recipeExport({ brandUrl: stage.api.url }))).id;
});
afterAll(async () => await stage.close());

const visitor = () => {
  const { login = '', password = '' } = stage.brand.users[0] ?? {};
  return { login, password };
};
const forms = (page: Page) => page.body.match(/<form\b[^>]*>/gi) ?? [];
const own = { 'content-type': 'application/x-www-form-urlencoded' };

async function offered(bot = stage.desks[0].managedBot): Promise<{ consumer: Consumer; url: string }> {
  const consumer = await converse(stage.server.url, bot);
  await consumer.say('where is my order?');
  return { consumer, url: await consumer.signInUrl() };
}

/** One hop, its redirect not followed. */
async function press(jar: Jar, url: string): Promise<Response> {
  return await jar.hop(url, { method: 'POST', headers: { ...own, origin: new URL(url).origin }, body: '' });
}

describe('GET /sign-in/{link}', () => {
  test('L1: says who asks, changes nothing, has one form, sets no cookie', async () => {
    const { consumer, url } = await offered();
    const pages: Page[] = [];
    for (let n = 0; n < 3; n += 1) pages.push(await createJar().get(url));
    const head = await fetch(url, { method: 'HEAD' });
    for (const page of pages) {
      expect(page.status).toBe(200);
      expect(page.body).toContain('Outsider &amp; Sons');
      expect(page.body).toContain('Outsider desk');
      expect(forms(page)).toEqual([expect.stringMatching(/^<form method="post" data-continue>$/)]);
      expect(page.headers.getSetCookie()).toEqual([]);
      expect(outcomeOf(page)).toBeUndefined();
      expect(codeOf(page)).toBeUndefined();
    }
    expect(head.status).toBe(200);
    const { events } = await (await consumer.call('GET', '/events?after=0')).json();
    expect(events.some(({ status }: { status?: string }) => status === 'bound')).toBe(false);
  });

  test('OA-25: nothing from elsewhere, no frame, no cache, no referrer to others', async () => {
    const { url } = await offered();
    const { headers, body } = await createJar().get(url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('form-action');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBeNull();
    expect(body).not.toMatch(/(?:src|href)="?(?:https?:)?\/\//i);
  });

  test('a link that is none is 404, and says nothing of others', async () => {
    for (const link of ['nothing', 'a'.repeat(47), '%2e%2e', '<script>']) {
      const page = await createJar().get(`${stage.server.url}/sign-in/${encodeURIComponent(link)}`);
      expect([link, page.status, forms(page)]).toEqual([link, 404, []]);
    }
  });
});

describe('POST /sign-in/{link}', () => {
  test('not proven: a cookie, a code, 303 to the same address; the code as direct text, and no form', async () => {
    const { url } = await offered();
    const jar = createJar();
    const answer = await press(jar, url);
    expect(answer.status).toBe(303);
    expect(new URL(answer.headers.get('location') ?? '', url).href).toBe(url);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^errand_browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const page = await jar.get(url);
    expect(codeOf(page)).toMatch(/^[BCDFGHJKMNPQRSTVWXZ]{3}[ -][BCDFGHJKMNPQRSTVWXZ]{3}$/);
    expect(page.body.match(/data-code/g)).toHaveLength(1);
    expect(forms(page)).toEqual([]);
    // The same browser again: the same cookie, the same code.
    expect((await press(jar, url)).headers.getSetCookie()).toEqual([]);
    expect(codeOf(await jar.get(url))).toBe(codeOf(page));
  });

  test('typed in the chat: bound, the form is back, and Continue is 303 to the provider', async () => {
    const { consumer, url } = await offered();
    const jar = createJar();
    const page = await unlock(jar, url, consumer);
    expect(hasContinue(page)).toBe(true);
    const answer = await press(jar, url);
    expect(answer.status).toBe(303);
    const to = new URL(answer.headers.get('location') ?? '');
    expect(to.origin + to.pathname).toBe(`${stage.desks[0].provider.url}/auth`);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    expect(to.searchParams.get('scope')).toBe('orders.read orders.write');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('a browser that brings no cookie back is told that cookies are needed', async () => {
    const { url } = await offered();
    await press(createJar(), url);
    const page = await createJar().get(url);
    expect(page.body).toMatch(/cookies/i);
    expect(hasContinue(page)).toBe(true);
  });

  test.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all', {}],
    ['Origin: null', { origin: 'null' }],
    ["another site by the browser's own word", { origin: 'SELF', 'sec-fetch-site': 'cross-site' }],
  ])('F5: a post from %s does nothing', async (_, headers) => {
    const { url } = await offered();
    const given = { ...headers, ...(headers['origin'] === 'SELF' ? { origin: new URL(url).origin } : {}) };
    const answer = await fetch(url, { method: 'POST', headers: { ...own, ...given }, body: '', redirect: 'manual' });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  });

  test('V2: five wrong codes end it; other messages never count', async () => {
    const { consumer, url } = await offered();
    const jar = createJar();
    await press(jar, url);
    const right = (codeOf(await jar.get(url)) ?? '').replace(/[^A-Z]/g, '');
    const wrong = right === 'BCDFGH' ? 'BCDFGJ' : 'BCDFGH';
    await consumer.say('my order 123456 is late');
    for (let left = 4; left >= 1; left -= 1) {
      await consumer.say(wrong);
      expect(await consumer.next(({ status }) => status === 'code_rejected')).toMatchObject({ attempts_left: left });
    }
    await consumer.say(wrong);
    expect(await consumer.next(({ status }) => status === 'ended')).toMatchObject({ outcome: 'binding_failed' });
    await consumer.say(right);
    expect(outcomeOf(await jar.get(url))).toBe('binding_failed');
  });
});

describe('the callback', () => {
  test.each(['managed', 'recipe'] as const)(
    '%s: 303 to an address without code and state, then no form',
    async (mode) => {
      const { consumer, url } = await offered(mode === 'recipe' ? recipeBot : undefined);
      const hops: { url: string; status: number; headers: Headers }[] = [];
      const jar = createJar((hop) => void hops.push(hop));
      const last = await passProvider(jar, await unlock(jar, url, consumer), visitor());
      const callback = hops.find((hop) => new URL(hop.url).pathname.startsWith('/callback/'));
      const shape = mode === 'recipe' ? /^\/callback\/acc_\w+\/redirectCode$/ : /^\/callback\/acc_\w+\/cred_\w+$/;
      expect(new URL(callback?.url ?? '').pathname).toMatch(shape);
      expect(callback?.status).toBe(303);
      expect(callback?.headers.get('referrer-policy')).toBe('no-referrer');
      expect([outcomeOf(last), forms(last), new URL(last.url).search]).toEqual(['granted', [], '']);
      expect(last.body.match(/data-outcome/g)).toHaveLength(1);
      expect(last.body).toMatch(/<main\b[^>]*data-outcome="granted"/);
    },
  );

  test("LivePerson's second spelling is accepted too", async () => {
    const { consumer, url } = await offered(recipeBot);
    const jar = createJar();
    let at = await jar.submit(await unlock(jar, url, consumer));
    at = await jar.submit(at, visitor());
    // Stops before the callback and spells it as some exports do.
    const { callback } = await allowUntilCallback(jar, at);
    const done = await jar.get(callback.replace('/redirectCode?', '/redirectedCode?'));
    expect(outcomeOf(done)).toBe('granted');
  });

  test('L4 P3: the same callback again: the same page for this browser, one token request; for others nothing', async () => {
    const { consumer, url } = await offered();
    const hops: string[] = [];
    const jar = createJar((hop) => void hops.push(hop.url));
    const before = stage.desks[0].provider.count({ grant_type: 'authorization_code' });
    await passProvider(jar, await unlock(jar, url, consumer), visitor());
    const callback = hops.find((hop) => hop.includes('/callback/')) ?? '';
    expect(outcomeOf(await jar.get(callback))).toBe('granted');
    expect(outcomeOf(await createJar().get(callback))).toBeUndefined();
    expect(stage.desks[0].provider.count({ grant_type: 'authorization_code' }) - before).toBe(1);
  });

  test('P1 P2: a callback that nobody began is refused without a token request', async () => {
    const before = stage.desks[0].provider.tokenRequests().length;
    for (const query of [
      '',
      '?state=',
      '?code=a',
      '?state=a&code=b',
      '?state=a&state=b&code=c',
      `?state=${'a'.repeat(9_000)}`,
    ]) {
      const page = await createJar().get(
        `${stage.server.url}/callback/${stage.outsider.accountId}/redirectCode${query}`,
      );
      expect([query.slice(0, 30), page.status, outcomeOf(page), forms(page)]).toEqual([
        query.slice(0, 30),
        400,
        undefined,
        [],
      ]);
    }
    expect(stage.desks[0].provider.tokenRequests().length).toBe(before);
  });

  test("F2: the provider's address in another browser: no token request, and the attempt is over", async () => {
    const { consumer, url } = await offered();
    const attacker = createJar();
    await unlock(attacker, url, consumer);
    const to = (await press(attacker, url)).headers.get('location') ?? '';
    const before = stage.desks[0].provider.tokenRequests().length;
    const victim = createJar();
    let page = await victim.get(to);
    page = await victim.submit(page, visitor());
    if (page.body.includes('Allow')) page = await victim.submit(page, {}, 'Allow');
    expect(outcomeOf(page)).toBe('binding_failed');
    expect(await consumer.next(({ status }) => status === 'ended')).toMatchObject({ outcome: 'binding_failed' });
    expect(stage.desks[0].provider.tokenRequests().length).toBe(before);
  });

  test('V5: a code that is typed after its sign-in was cancelled is refused in words, masked, and not for the bot', async () => {
    const { consumer, url } = await offered();
    const jar = createJar();
    const code = codeOf(await jar.submit(await jar.get(url))) ?? '';
    const { attempt_id } = await consumer.next(({ status }) => status === 'offered');
    await consumer.call('POST', `/sign-ins/${attempt_id}/cancel`);
    await consumer.hears('cancelled');
    await consumer.say(code);
    await consumer.hears('That code is no longer valid');
    await consumer.say('BCDFGH');
    await consumer.hears('Not able to understand');
    const typed = consumer.seen.filter(({ from }) => from === 'consumer').map(({ text }) => text);
    expect(typed).toEqual(['where is my order?', '••••••', 'BCDFGH']);
    expect(JSON.stringify(consumer.seen)).not.toContain(code);
    expect(consumer.seen.filter(({ text }) => text?.startsWith('Not able to understand'))).toHaveLength(1);
  });

  test('P16: a refusal described with 100 kB is declined, its description on no page', async () => {
    const { consumer, url } = await offered();
    const jar = createJar();
    await unlock(jar, url, consumer);
    const { redirectUri, answer } = authorization((await press(jar, url)).headers.get('location') ?? '');
    const description = `%3Cscript%3Ealert(1)%3C/script%3E${'x'.repeat(100_000)}`;
    const page = await jar.get(`${redirectUri}?${answer}&error=access_denied&error_description=${description}`);
    expect([outcomeOf(page), forms(page)]).toEqual(['declined', []]);
    expect(page.body).not.toContain('alert(1)');
    expect(await consumer.next(({ status }) => status === 'ended')).toMatchObject({ outcome: 'declined' });
  });

  test('a refusal at the provider is declined, on the page and in the chat', async () => {
    const { consumer, url } = await offered();
    const jar = createJar();
    const refusing = { ...visitor(), consent: 'Refuse' as const };
    const page = await passProvider(jar, await unlock(jar, url, consumer), refusing);
    expect([outcomeOf(page), forms(page)]).toEqual(['declined', []]);
    expect(await consumer.next(({ status }) => status === 'ended')).toMatchObject({ outcome: 'declined' });
  });
});

/** Where the provider would send the browser back to, and what it must say there of whom it answers. */
function authorization(url: string): { redirectUri: string; answer: URLSearchParams } {
  const { searchParams, origin } = new URL(url);
  const state = searchParams.get('state') ?? '';
  return {
    redirectUri: searchParams.get('redirect_uri') ?? '',
    answer: new URLSearchParams({ state, iss: origin }),
  };
}

/** Presses Allow and follows until the server's callback would be called. */
async function allowUntilCallback(jar: Jar, page: Page): Promise<{ callback: string }> {
  const action = /<form\b[^>]*action="([^"]*)"/i.exec(
    page.body.slice(page.body.lastIndexOf('<form', page.body.indexOf('Allow'))),
  )?.[1];
  const url = new URL(action ?? '', page.url).href;
  const headers = { ...own, origin: new URL(url).origin, referer: page.url };
  const button = /<button\b[^>]*name="([^"]*)"[^>]*value="([^"]*)"[^>]*>\s*Allow/i.exec(page.body);
  const body = button ? new URLSearchParams({ [button[1] ?? '']: button[2] ?? '' }).toString() : '';
  let answer = await jar.hop(url, { method: 'POST', headers, body });
  for (let hops = 0; hops < 10; hops += 1) {
    const next = new URL(answer.headers.get('location') ?? '', answer.url || url).href;
    if (next.includes('/callback/')) return { callback: next };
    answer = await jar.hop(next);
  }
  throw new Error('the provider did not send the browser back');
}
