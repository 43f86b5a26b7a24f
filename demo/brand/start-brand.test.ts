import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Brand, type BrandOptions, startBrand } from './start-brand.ts';
import { createVisitor, type Visitor } from './visitor.ts';

const redirectUri = 'http://localhost:4300/callback/acc/cred';
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function open(options: Partial<BrandOptions> = {}): Promise<Brand> {
  const brand = await startBrand({ port: 0, ...options });
  stops.push(() => brand.stop());
  brand.addRedirectUri(redirectUri);
  return brand;
}

interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token: string;
  expires_in: number;
  scope: string;
}

interface Wish {
  login?: string;
  scope?: string;
  answer?: 'Allow' | 'Refuse';
  visitor?: Visitor;
}

const visitorOfClient = () => createVisitor((url) => url.startsWith(redirectUri));

/** Authorization request to redirect URI, whatever pages lie between. */
async function authorize(brand: Brand, wish: Wish = {}) {
  const { login = 'mia', scope = 'openid orders.read', answer = 'Allow', visitor = visitorOfClient() } = wish;
  const verifier = randomBytes(32).toString('base64url');
  const request = new URLSearchParams({
    client_id: brand.client.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const seen: string[] = [];
  let page = await visitor.get(`${brand.url}/auth?${request}`);
  if (page.body.includes('name="password"')) {
    seen.push('login');
    page = await visitor.press(page, 'Sign in', { login, password: `${login}-demo` });
  }
  if (page.body.includes('value="allow"')) {
    seen.push('consent');
    await visitor.press(page, answer);
  }
  const landed = visitor.landed();
  if (!landed) throw new Error(`did not come back: ${page.status} ${page.body}`);
  return { landed, verifier, seen };
}

async function tokenRequest(brand: Brand, body: Record<string, string>): Promise<{ status: number; body: Tokens }> {
  const { id, secret } = brand.client;
  const response = await fetch(`${brand.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams(body),
  });
  return { status: response.status, body: await response.json() };
}

async function signIn(brand: Brand, wish: Wish = {}): Promise<Tokens> {
  const { landed, verifier } = await authorize(brand, wish);
  const answer = await tokenRequest(brand, {
    grant_type: 'authorization_code',
    code: landed.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  expect(answer.status).toBe(200);
  return answer.body;
}

const refresh = (brand: Brand, refreshToken: string) =>
  tokenRequest(brand, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function call(brand: Brand, path: string, init: RequestInit & { token?: string } = {}) {
  const headers = new Headers(init.headers);
  if (init.token) headers.set('authorization', `Bearer ${init.token}`);
  const response = await fetch(`${brand.url}/api/orders${path}`, { ...init, headers });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: await response.text(),
  };
}

const cancel = (brand: Brand, token: string, key: string) =>
  call(brand, '/latest/cancel', { method: 'POST', token, headers: { 'idempotency-key': key } });

it('shows a page of its own where nothing is', async () => {
  const brand = await open();
  const answer = await fetch(`${brand.url}/nowhere`, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('<h1>This page is not here</h1>');
});

describe('the identity provider', () => {
  it('leads through login and consent back to the client, with iss (RFC 9207)', async () => {
    const brand = await open();
    const { landed, seen } = await authorize(brand);
    expect(seen).toEqual(['login', 'consent']);
    expect(landed.searchParams.get('state')).toBe('the-state');
    expect(landed.searchParams.get('iss')).toBe(brand.url);
  });

  it('gives a short-lived opaque access token, a refresh token without asking for offline access, and an RS256 id token', async () => {
    const brand = await open();
    const tokens = await signIn(brand);
    expect(tokens.expires_in).toBe(60);
    expect(tokens.access_token).not.toContain('.');
    expect(tokens.refresh_token).not.toBe('');
    const [header = '', claims = ''] = tokens.id_token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(header).alg).toBe('RS256');
    expect(JSON.parse(claims)).toMatchObject({ iss: brand.url, sub: 'mia', aud: brand.client.id, nonce: 'the-nonce' });
  });

  it('asks neither again in a browser that is signed in and has consented', async () => {
    const brand = await open();
    const visitor = visitorOfClient();
    await signIn(brand, { visitor });
    expect((await authorize(brand, { visitor })).seen).toEqual([]);
    expect((await authorize(brand, { visitor, scope: 'openid orders.read orders.write' })).seen).toEqual(['consent']);
  });

  it('sends a refusal back as access_denied', async () => {
    const brand = await open();
    const { landed } = await authorize(brand, { answer: 'Refuse' });
    expect(landed.searchParams.get('error')).toBe('access_denied');
    expect(landed.searchParams.get('code')).toBeNull();
  });

  it('refuses a wrong password and an address nobody registered', async () => {
    const brand = await open();
    const visitor = visitorOfClient();
    const start = `${brand.url}/auth?client_id=${brand.client.id}&response_type=code&scope=openid&redirect_uri=`;
    const login = await visitor.get(start + encodeURIComponent(redirectUri));
    const again = await visitor.press(login, 'Sign in', { login: 'mia', password: 'noah-demo' });
    expect(again.status).toBe(401);
    expect(again.body).toContain('role="alert"');
    const stranger = await visitor.get(start + encodeURIComponent('http://localhost:4300/elsewhere'));
    expect(stranger.status).toBe(400);
  });

  it('rotates refresh tokens and ends the grant when an old one comes back', async () => {
    const brand = await open();
    const first = await signIn(brand);
    const second = await refresh(brand, first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(brand, first.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await refresh(brand, second.body.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect(brand.control.counters().token_requests).toEqual({ authorization_code: 1, refresh_token: 3 });
  });

  it('revokes (RFC 7009), and the orders API hears of it by introspection', async () => {
    const brand = await open();
    const tokens = await signIn(brand);
    expect((await call(brand, '/latest', { token: tokens.access_token })).status).toBe(200);
    const { id, secret } = brand.client;
    await fetch(`${brand.url}/token/revocation`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ token: tokens.refresh_token }),
    });
    expect((await call(brand, '/latest', { token: tokens.access_token })).challenge).toBe(
      'Bearer error="invalid_token"',
    );
    expect((await refresh(brand, tokens.refresh_token)).status).toBe(400);
  });

  it('keeps permissions and keys over a restart when it has a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'brand-'));
    const options = { file: join(folder, 'brand.json'), client: { id: 'errand', secret: 'kept' } };
    const first = await open(options);
    const tokens = await signIn(first);
    await first.stop();
    const second = await open(options);
    expect((await refresh(second, tokens.refresh_token)).status).toBe(200);
    rmSync(folder, { recursive: true });
  });
});

describe('the orders API', () => {
  it('shows each customer only what is theirs', async () => {
    const brand = await open();
    for (const user of brand.users) {
      const { access_token: token } = await signIn(brand, { login: user.login });
      const { body } = await call(brand, '/latest', { token });
      expect(brand.users.filter((other) => body.includes(other.expects))).toEqual([user]);
      expect((await call(brand, '', { token })).body).toContain(user.expects);
    }
  });

  it('challenges as RFC 6750 says: bare, invalid_token, insufficient_scope', async () => {
    const brand = await open();
    expect(await call(brand, '/latest')).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(await call(brand, '/latest', { token: 'made-up' })).toMatchObject({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
    });
    const { access_token: token } = await signIn(brand);
    expect(await cancel(brand, token, 'k')).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="orders.write"',
    });
  });

  it('cancels once per key and says so the second time', async () => {
    const brand = await open();
    const { access_token: token } = await signIn(brand, { scope: 'openid orders.read orders.write' });
    const first = await cancel(brand, token, 'one');
    expect(first.status).toBe(200);
    expect(await cancel(brand, token, 'one')).toEqual(first);
    expect((await cancel(brand, token, 'two')).status).toBe(409);
    expect(brand.control.counters()).toMatchObject({ api_calls: { one: 2, two: 1 }, cancels: { mia: 1 } });
    expect((await call(brand, '/latest', { token })).body).toContain('"status":"cancelled"');
  });

  it('does the deed when only the answer gets lost', async () => {
    const brand = await open();
    const { access_token: token } = await signIn(brand, { scope: 'openid orders.write' });
    brand.control.setApi('lost_answer');
    const given = new AbortController();
    const lost = fetch(`${brand.url}/api/orders/latest/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: given.signal,
    });
    await expect.poll(() => brand.control.counters().cancels).toEqual({ mia: 1 });
    given.abort();
    await expect(lost).rejects.toThrow();
  });
});

describe('the control surface', () => {
  it('expires access tokens at once and leaves refresh tokens', async () => {
    const brand = await open();
    const tokens = await signIn(brand);
    expect(brand.control.expireTokens()).toBe(1);
    expect((await call(brand, '/latest', { token: tokens.access_token })).status).toBe(401);
    const renewed = await refresh(brand, tokens.refresh_token);
    expect((await call(brand, '/latest', { token: renewed.body.access_token })).status).toBe(200);
  });

  it('takes provider and API down one by one', async () => {
    const brand = await open();
    const tokens = await signIn(brand);
    brand.control.setProvider('down');
    expect((await fetch(`${brand.url}/.well-known/openid-configuration`)).status).toBe(503);
    expect((await call(brand, '/latest', { token: tokens.access_token })).status).toBe(200);
    brand.control.setProvider('up');
    brand.control.setApi('down');
    expect((await call(brand, '/latest', { token: tokens.access_token })).status).toBe(503);
    expect((await refresh(brand, tokens.refresh_token)).status).toBe(200);
  });

  it('ends what one customer allowed, and nobody else', async () => {
    const brand = await open();
    const mia = await signIn(brand);
    const noah = await signIn(brand, { login: 'noah' });
    expect(brand.control.revoke('mia')).toBe(1);
    expect((await refresh(brand, mia.refresh_token)).status).toBe(400);
    expect((await refresh(brand, noah.refresh_token)).status).toBe(200);
  });

  it('answers over HTTP to the holder of the key only', async () => {
    const brand = await open();
    const at = `${brand.url}/control/provider`;
    const body = JSON.stringify({ state: 'down' });
    expect((await fetch(at, { method: 'POST', body })).status).toBe(403);
    const headers = { authorization: `Bearer ${brand.controlKey}` };
    const answer = await fetch(at, { method: 'POST', body, headers });
    expect(await answer.json()).toEqual({ provider: 'down', api: 'up' });
  });
});

it('the shop greets whoever is signed in there, and signs them out', async () => {
  const brand = await open();
  const visitor = visitorOfClient();
  await signIn(brand, { visitor });
  const shop = await visitor.get(brand.url);
  expect(shop.body).toContain('Hello, Mia Berger');
  expect((await visitor.press(shop, 'Sign out of the shop')).body).not.toContain('Mia');
  expect((await authorize(brand, { visitor })).seen[0]).toBe('login');
});
