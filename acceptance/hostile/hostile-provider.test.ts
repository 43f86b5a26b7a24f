import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Brand, startBrand } from '../../demo/brand/start-brand.ts';
import { createVisitor } from '../../demo/brand/visitor.ts';
import { type HostileProvider, type ProviderSwitch, startHostileProvider } from './hostile-provider.ts';

const redirectUri = 'http://localhost:4300/callback/acc/cred';
let brand: Brand;
let provider: HostileProvider;

beforeEach(async () => {
  brand = await startBrand({ port: 0 });
  brand.addRedirectUri(redirectUri);
  provider = await startHostileProvider({ upstream: brand.url });
});

afterEach(async () => {
  await provider.close();
  await brand.stop();
});

/** From the authorization request to the client's redirect URI, through the proxy all the way. */
async function authorize(): Promise<{ landed: URL; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const visitor = createVisitor((url) => url.startsWith(redirectUri));
  const request = new URLSearchParams({
    client_id: brand.client.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid orders.read orders.write',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  let page = await visitor.get(`${provider.url}/auth?${request}`);
  expect(new URL(page.url).origin).toBe(provider.url);
  page = await visitor.press(page, 'Sign in', { login: 'mia', password: 'mia-demo' });
  if (page.body.includes('value="allow"')) await visitor.press(page, 'Allow');
  const landed = visitor.landed();
  if (!landed) throw new Error('The provider did not send the visitor back.');
  return { landed, verifier };
}

function ask(form: Record<string, string>): Promise<Response> {
  return fetch(`${provider.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${brand.client.id}:${brand.client.secret}`)}` },
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
}

async function exchange(): Promise<Response> {
  const { landed, verifier } = await authorize();
  const code = landed.searchParams.get('code') ?? '';
  return ask({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });
}

async function token(name?: ProviderSwitch): Promise<{ status: number; token: Record<string, unknown>; text: string }> {
  provider.misbehave(name);
  const response = await exchange();
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, token: Object.fromEntries(Object.entries(Object(parsed))), text };
}

describe('behaving', () => {
  test('a whole sign-in passes through, and its token request is counted by grant and code', async () => {
    const { status, token: granted } = await token();
    expect(status).toBe(200);
    expect(granted).toMatchObject({ token_type: 'Bearer', scope: 'openid orders.read orders.write' });
    const code = provider.tokenRequests()[0]?.code ?? '';
    expect(provider.count({ grant_type: 'authorization_code' })).toBe(1);
    expect(provider.count({ grant_type: 'authorization_code', code })).toBe(1);
    expect(provider.count({ grant_type: 'authorization_code', code: 'other' })).toBe(0);
  });

  test.each([false, true])('discovery leads to the proxy; the issuer is kept when asked: %s', async (keepIssuer) => {
    const proxy = await startHostileProvider({ upstream: brand.url, keepIssuer });
    const response = await fetch(`${proxy.url}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: keepIssuer ? brand.url : proxy.url,
      token_endpoint: `${proxy.url}/token`,
    });
    await proxy.close();
  });
});

describe('the token endpoint lies', () => {
  test.each<[ProviderSwitch, object]>([
    ['expires_in_string', { expires_in: '3600' }],
    ['expires_in_zero', { expires_in: 0 }],
    ['expires_in_negative', { expires_in: -1 }],
    ['expires_in_huge', { expires_in: 1e12 }],
    ['expires_in_null', { expires_in: null }],
    ['expires_in_text', { expires_in: 'soon' }],
    ['scope_lower', { scope: 'openid' }],
    ['scope_by_commas', { scope: 'openid,orders.read,orders.write' }],
    ['token_type_mac', { token_type: 'mac' }],
    ['access_token_empty', { access_token: '' }],
    ['ok_with_error', { error: 'bad_verification_code' }],
  ])('%s', async (name, expected) => {
    expect(await token(name)).toMatchObject({ status: 200, token: expected });
  });

  test.each<[ProviderSwitch, string]>([
    ['expires_in_missing', 'expires_in'],
    ['refresh_token_missing', 'refresh_token'],
    ['token_type_missing', 'token_type'],
    ['scope_missing', 'scope'],
  ])('%s', async (name, member) => {
    const { token: granted } = await token(name);
    expect(granted['access_token']).toEqual(expect.any(String));
    expect(granted).not.toHaveProperty(member);
  });

  test('malformed_json, html, three_megabytes', async () => {
    provider.misbehave('malformed_json');
    await expect((await exchange()).json()).rejects.toThrow();
    expect((await token('html')).text).toContain('<!doctype html>');
    expect((await token('three_megabytes')).text.length).toBe(3_000_000);
  });

  test.each<[ProviderSwitch, number]>([
    ['status_500', 500],
    ['status_502_html', 502],
    ['status_503', 503],
    ['status_429', 429],
    ['invalid_grant', 400],
    ['invalid_client', 401],
    ['redirect', 307],
  ])('%s answers %i and leaves the code unused', async (name, status) => {
    provider.misbehave(name, { times: 1 });
    const { landed, verifier } = await authorize();
    const form = {
      grant_type: 'authorization_code',
      code: landed.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    expect((await ask(form)).status).toBe(status);
    expect((await ask(form)).status).toBe(200);
    expect(provider.tokenRequests().map((request) => request.status)).toEqual([status, 200]);
  });

  test('lost_answer: the provider has rotated, the client has nothing', async () => {
    const { token: granted } = await token();
    const form = { grant_type: 'refresh_token', refresh_token: String(granted['refresh_token']) };
    provider.misbehave('lost_answer', { times: 1 });
    await expect(ask(form)).rejects.toThrow();
    expect(brand.control.counters().token_requests['refresh_token']).toBe(1);
    expect(provider.tokenRequests().at(-1)).toMatchObject({ grant_type: 'refresh_token', status: null });
  });

  test('held answers after release, never_answers never, down refuses until up', async () => {
    provider.misbehave('held');
    const held = exchange();
    await expect.poll(() => provider.tokenRequests().length).toBe(1);
    provider.release();
    expect((await held).status).toBe(200);
    provider.misbehave('never_answers');
    const signal = AbortSignal.timeout(100);
    await expect(fetch(`${provider.url}/token`, { method: 'POST', signal })).rejects.toThrow();
    await provider.down();
    await expect(fetch(provider.url)).rejects.toThrow();
    await provider.up();
    provider.misbehave('all_503');
    expect((await fetch(`${provider.url}/.well-known/openid-configuration`)).status).toBe(503);
  });
});

describe('the authorization response lies', () => {
  test.each<[ProviderSwitch, string, string | null]>([
    ['iss_missing', 'iss', null],
    ['iss_wrong', 'iss', 'https://other.example'],
    ['state_wrong', 'state', 'wrong'],
    ['code_missing', 'code', null],
    ['temporarily_unavailable', 'error', 'temporarily_unavailable'],
  ])('%s', async (name, parameter, value) => {
    provider.misbehave(name);
    const { landed } = await authorize();
    expect(landed.searchParams.get(parameter)).toBe(value);
  });

  test('iss is the proxy when nothing is switched', async () => {
    expect((await authorize()).landed.searchParams.get('iss')).toBe(provider.url);
  });

  test('metadata can lie too', async () => {
    provider.misbehave('metadata_issuer_wrong');
    const response = await fetch(`${provider.url}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({ issuer: 'https://other.example' });
  });
});
