/** OA-13, P15: what must be refused of an id_token, each with a reason of its own. */
import { createSecretKey } from 'node:crypto';
import { exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { checkIdToken } from './id-token.ts';
import type { Provider } from './provider.ts';

const { privateKey, publicKey } = await generateKeyPair('RS256');
const stranger = await generateKeyPair('RS256');
const pem = await exportSPKI(publicKey);
const now = 1_800_000_000;

const provider: Provider = {
  id: 'idp',
  account_id: 'acc',
  version: 1,
  issuer: 'https://brand.example',
  authorization_endpoint: 'https://brand.example/auth',
  token_endpoint: 'https://brand.example/token',
  revocation_endpoint: null,
  jwks_uri: null,
  public_key: `\n${pem}\n`,
  promises_iss: false,
  client_id: 'errand',
  client_secret: null,
  auth_method: 'none',
  pkce: 'S256',
};
const noKeys = { keys: { fromSet: async () => null } };

const claims = {
  iss: 'https://brand.example',
  sub: 'mia',
  aud: 'errand',
  iat: now,
  exp: now + 600,
  nonce: 'the-nonce',
};
const header: JWTHeaderParameters = { alg: 'RS256' };

async function check(id_token: string | null, more: { provider?: Partial<Provider>; nonce?: string | null } = {}) {
  return await checkIdToken(
    noKeys,
    { ...provider, ...more.provider },
    {
      id_token: id_token === null ? null : new Secret(id_token),
      nonce: more.nonce === undefined ? 'the-nonce' : more.nonce,
      asked: true,
      now: now * 1_000,
    },
  );
}
const signed = (changes: object) => new SignJWT({ ...claims, ...changes }).setProtectedHeader(header).sign(privateKey);
const plain = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a good one names the person', async () => {
  expect(await check(await signed({}))).toEqual({
    ok: true,
    person: { issuer: 'https://brand.example', subject: 'mia', acr: null, auth_time: null },
  });
});

test('P15 of a provider without a known issuer all else is checked', async () => {
  const byHand = { provider: { issuer: null } };
  expect(await check(await signed({ iss: 'https://any.example' }), byHand)).toMatchObject({
    ok: true,
    person: { issuer: 'https://any.example', subject: 'mia' },
  });
  for (const changes of [{ iss: undefined }, { aud: 'other' }, { nonce: 'other' }, { exp: now - 61 }])
    expect(await check(await signed(changes), byHand)).toMatchObject({ ok: false });
  expect(await check(`${plain({ alg: 'none' })}.${plain(claims)}.`, byHand)).toEqual({ ok: false, reason: 'alg' });
  expect(await check(null, byHand)).toEqual({ ok: false, reason: 'id_token_missing' });
});

describe('refused', () => {
  test.each<[string, object]>([
    ['another issuer', { iss: 'https://other.example' }],
    ['an issuer with a slash more', { iss: 'https://brand.example/' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['a second audience without azp', { aud: ['errand', 'other'] }],
    ['azp of somebody else', { aud: ['errand', 'other'], azp: 'other' }],
    ['expired', { exp: now - 61 }],
    ['no expiry', { exp: undefined }],
    ['issued in the future', { iat: now + 61 }],
    ['no time of issue', { iat: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['no nonce', { nonce: undefined }],
    ['another nonce', { nonce: 'other' }],
  ])('%s', async (_, changes) => {
    expect(await check(await signed(changes))).toMatchObject({ ok: false });
  });

  test('alg none', async () => {
    expect(await check(`${plain({ alg: 'none' })}.${plain(claims)}.`)).toEqual({ ok: false, reason: 'alg' });
  });

  test('HS256 signed with the public key', async () => {
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(createSecretKey(Buffer.from(pem)));
    expect(await check(forged)).toEqual({ ok: false, reason: 'alg' });
  });

  test("a stranger's signature, also with her key in the header", async () => {
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', jku: 'https://evil.example' })
      .sign(stranger.privateKey);
    expect(await check(forged)).toMatchObject({ ok: false });
  });

  test.each(['', 'x', 'a.b.c', '...'])('"%s", which is none', async (text) => {
    expect(await check(text)).toMatchObject({ ok: false });
  });

  test('none at all though it was asked for; keys that cannot be read', async () => {
    expect(await check(null)).toEqual({ ok: false, reason: 'id_token_missing' });
    const keyless = { public_key: null, jwks_uri: 'https://brand.example/keys' };
    expect(await check(await signed({}), { provider: keyless })).toEqual({ ok: false, reason: 'keys' });
  });
});

test('T16 a minute of difference between the clocks is nothing', async () => {
  expect(await check(await signed({ iat: now + 59 }))).toMatchObject({ ok: true });
  expect(await check(await signed({ exp: now - 59 }))).toMatchObject({ ok: true });
});

test('LP-68 the key may be pasted as LivePerson has it: base64 alone, without lines around it', async () => {
  const public_key = pem.replace(/-----[^-]+-----|\s/g, '');
  expect(await check(await signed({}), { provider: { public_key } })).toMatchObject({ ok: true });
  const forged = await new SignJWT(claims).setProtectedHeader(header).sign(stranger.privateKey);
  expect(await check(forged, { provider: { public_key } })).toMatchObject({ ok: false });
});

test('CONSUMER_DELEGATION: the id_token is not looked at', async () => {
  expect(await check('anything', { provider: { public_key: 'CONSUMER_DELEGATION' } })).toEqual({
    ok: true,
    person: null,
  });
});
