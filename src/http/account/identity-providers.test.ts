import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
beforeAll(async () => {
  server = await startTestServer();
  account = await server.account();
});
afterAll(() => server.close());

let named = 0;
const byHand = (change: object = {}) => ({
  name: `Login ${(named += 1)}`,
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  client_id: 'errand',
  client_secret: 'canary-client-secret',
  ...change,
});

describe('identity providers', () => {
  test('are configured by hand or by discovery; the secret never comes back and is stored sealed', async () => {
    const created = await account.call('POST', '/identity-providers', {
      json: byHand({ public_key: 'CONSUMER_DELEGATION' }),
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        pkce: 'S256',
        token_endpoint_auth_method: 'client_secret_basic',
        has_client_secret: true,
        public_key: 'CONSUMER_DELEGATION',
      },
    });
    const discovered = { name: 'Discovered', issuer: 'https://login.example', client_id: 'errand' };
    const answer = await account.call('POST', '/identity-providers', { json: discovered });
    expect(answer).toMatchObject({
      status: 201,
      body: { token_endpoint_auth_method: 'none', has_client_secret: false },
    });
    const everywhere = [
      created.text,
      (await account.call('GET', '/identity-providers')).text,
      (await account.call('GET', '/audit')).text,
    ];
    everywhere.push(JSON.stringify(await server.db.all('SELECT * FROM identity_provider')));
    expect(everywhere.join()).not.toContain('canary-client-secret');
  });

  test('a public key is one that can be read, and stands alone', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = {
      public: publicKey.export({ type: 'spki', format: 'pem' }),
      private: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
    const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }));
    const post = (change: object) => account.call('POST', '/identity-providers', { json: byHand(change) });
    let count = 0;
    const bare = String(pem.public).replace(/-----[^-]+-----|\s/g, '');
    for (const public_key of [pem.public, jwk, `\n${String(pem.public)}`, bare])
      expect((await post({ name: `P${(count += 1)}`, public_key })).status, String(public_key)).toBe(201);
    const wrong = [
      'x',
      '{',
      '{"kty":"EC"}',
      String(pem.public).slice(0, 60),
      pem.private,
      JSON.stringify(privateKey.export({ format: 'jwk' })),
    ];
    for (const public_key of wrong)
      expect(await post({ public_key }), String(public_key)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/public_key' }] },
      });
    const both = { public_key: pem.public, jwks_uri: 'https://login.example/keys' };
    expect(await post(both)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/public_key' }] } });
  });

  test('P12: URLs that nobody should be sent to are refused, each with its place', async () => {
    const unsafe = [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'http://login.example/a',
      'https://user:pass@login.example/a',
      'https://login.example/a#f',
      'https://login.example/a#',
      '//login.example/a',
      'login.example',
    ];
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'revocation_endpoint', 'issuer']) {
      for (const url of unsafe) {
        const answer = await account.call('POST', '/identity-providers', { json: byHand({ [name]: url }) });
        expect(answer, `${name} ${url}`).toMatchObject({
          status: 400,
          body: { code: 'invalid_body', errors: [{ pointer: `/${name}` }] },
        });
      }
    }
    for (const url of ['http://127.0.0.1:4400/a', 'http://localhost:4400/a', 'http://[::1]:1/a']) {
      expect(
        (await account.call('POST', '/identity-providers', { json: byHand({ token_endpoint: url }) })).status,
        url,
      ).toBe(201);
    }
  });

  test('what is missing is named', async () => {
    const { token_endpoint: _, ...half } = byHand();
    expect(await account.call('POST', '/identity-providers', { json: half })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/token_endpoint' }] },
    });
    const { client_secret: __, ...noSecret } = byHand({ token_endpoint_auth_method: 'client_secret_post' });
    expect(await account.call('POST', '/identity-providers', { json: noSecret })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/client_secret' }] },
    });
    const bare = byHand({ token_endpoint_auth_method: 'none', client_secret: undefined, pkce: 'off' });
    expect(await account.call('POST', '/identity-providers', { json: bare })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/pkce' }] },
    });
  });

  test('a secret that is left out is kept, but never goes to another origin than before', async () => {
    const id = await account.create('/identity-providers', byHand());
    const { client_secret: _, ...kept } = byHand();
    expect(await account.call('PUT', `/identity-providers/${id}`, { json: kept })).toMatchObject({
      status: 200,
      body: { has_client_secret: true },
    });
    const elsewhere = await account.call('PUT', `/identity-providers/${id}`, {
      json: { ...kept, token_endpoint: 'https://thief.example/token' },
    });
    expect(elsewhere).toMatchObject({ status: 400, body: { errors: [{ pointer: '/client_secret' }] } });
    expect((await account.call('GET', `/identity-providers/${id}`)).body).toMatchObject({
      token_endpoint: 'https://login.example/token',
    });
  });

  test('a name is taken once in an account; one in use is not deleted', async () => {
    const json = byHand();
    const id = await account.create('/identity-providers', json);
    expect(await account.call('POST', '/identity-providers', { json })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    const credential = {
      name: 'Uses it',
      type: 'consumer_authentication',
      identity_provider_id: id,
      scope: 'orders.read',
      origins: ['https://api.example'],
    };
    const used = await account.create('/credentials', credential);
    const refused = await account.call('DELETE', `/identity-providers/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Uses it') } });
    expect((await account.call('DELETE', `/credentials/${used}`)).status).toBe(204);
    expect((await account.call('DELETE', `/identity-providers/${id}`)).status).toBe(204);
  });
});
