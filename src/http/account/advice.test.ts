import { createServer } from 'node:http';
import { createServer as createSilence } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
const issuer = createServer((_request, response) => {
  const metadata = { issuer: at(issuer), authorization_endpoint: `${at(issuer)}/a`, token_endpoint: `${at(issuer)}/t` };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
});
const mute = createSilence(() => {});

function at(listening: { address(): unknown }): string {
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : 0;
  return `http://127.0.0.1:${port}`;
}

beforeAll(async () => {
  for (const one of [issuer, mute]) await once(one.listen(0, '127.0.0.1'), 'listening');
  server = await startTestServer({ egressAllow: [issuer, mute].map((one) => new URL(at(one)).host) });
  account = await server.account();
});
afterAll(async () => {
  await server.close();
  issuer.close();
  mute.close();
});

const integration = (credential: string) => ({
  id: 'orders',
  name: 'Orders',
  type: 'api',
  method: 'GET',
  url: 'https://api.example/orders',
  response_variable: 'Orders',
  credential,
});
const bot = (credential: string) => ({ ...greeter(), integrations: [integration(credential)] });

describe("a bot's credentials", () => {
  test('a misspelt name is a warning where it is saved and an error where it is published', async () => {
    const place = '/integrations/0/credential';
    const identity_provider_id = await account.create('/identity-providers', {
      name: 'Login',
      authorization_endpoint: 'https://login.example/a',
      token_endpoint: 'https://login.example/t',
      client_id: 'errand',
    });
    const none = await account.call('POST', '/bots', { json: bot('Brand sing-in') });
    expect(none).toMatchObject({ status: 201, body: { warnings: [{ severity: 'warning', path: place }] } });
    const credential = { name: 'Brand sign-in', type: 'consumer_authentication', import_id: 'i-1', scope: 'orders' };
    await account.create('/credentials', { ...credential, identity_provider_id, origins: ['https://api.example'] });
    const url = `/bots/${String(none.body['id'])}`;
    expect((await account.call('PUT', url, { json: bot('Brand sing-in') })).body['warnings']).toEqual([
      { severity: 'warning', path: place, message: expect.stringContaining('It has "Brand sign-in".') },
    ]);
    expect(await account.call('POST', `${url}/publish`)).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_document',
        detail: 'The bot document has 1 error.',
        errors: [{ pointer: place, detail: expect.stringContaining('"Brand sign-in"') }],
      },
    });
    for (const name of ['i-1', 'Brand sign-in']) {
      expect((await account.call('PUT', url, { json: bot(name) })).body['warnings']).toEqual([]);
      expect((await account.call('POST', `${url}/publish`)).status).toBe(201);
    }
  });
});

describe("a credential's origins", () => {
  const elsewhere = (url: string) => {
    const document = bot('Elsewhere');
    return { ...document, integrations: document.integrations.map((one) => ({ ...one, url })) };
  };
  const path = '/integrations/0/url';

  test('a call to another place is a warning where it is saved, and published all the same: the credential may be mended later', async () => {
    const origins = ['https://api.example', 'https://other.example:8443'];
    await account.create('/credentials', {
      name: 'Elsewhere',
      type: 'access_token',
      token: 't',
      import_id: 'i-9',
      origins,
    });
    const id = await account.create('/bots', elsewhere('https://api.example/orders'));
    const put = (url: string) => account.call('PUT', `/bots/${id}`, { json: elsewhere(url) });
    const publish = () => account.call('POST', `/bots/${id}/publish`);
    for (const url of [
      'https://api2.example/orders/{$.id}',
      'http://api.example',
      'https://api.example:8443?x={$.y}',
    ]) {
      const message = expect.stringContaining('"Elsewhere" may not go to http');
      expect((await put(url)).body['warnings']).toEqual([{ severity: 'warning', path, message }]);
      expect((await publish()).status, url).toBe(201);
    }
    const may = [
      'HTTPS://API.example:443/o',
      'https://other.example:8443',
      'https://{$env.host}/o',
      'https://{$.x}.example/',
    ];
    for (const url of may) {
      expect((await put(url)).body['warnings'], url).not.toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('may not go to') }),
      );
      expect((await publish()).status, url).toBe(201);
    }
  });
});

test('P9 endpoints by hand on several origins are taken, and named to whoever has to look at them', async () => {
  const here = {
    name: 'Mixed',
    authorization_endpoint: 'https://login.example/a',
    token_endpoint: 'https://login.example/t',
    client_id: 'errand',
  };
  const made = await account.call('POST', '/identity-providers', { json: here });
  expect(made).toMatchObject({ status: 201, body: { warnings: [] } });
  const elsewhere = {
    ...here,
    token_endpoint: 'https://evil.example/t',
    jwks_uri: 'https://login.example:8443/k',
    revocation_endpoint: 'https://login.example/r',
  };
  const put = await account.call('PUT', `/identity-providers/${String(made.body['id'])}`, { json: elsewhere });
  const said = (origin: string) =>
    expect.stringContaining(`at ${origin}, while people sign in at https://login.example`);
  expect([put.status, put.body['warnings']]).toEqual([
    200,
    [
      { pointer: '/token_endpoint', detail: said('https://evil.example') },
      { pointer: '/jwks_uri', detail: said('https://login.example:8443') },
    ],
  ]);
});

test('what a call does need not be said where the credential is the brand’s own: nobody is asked', async () => {
  const origins = ['https://api.example'];
  await account.create('/credentials', { name: 'Ours', type: 'access_token', token: 'tok-canary-2', origins });
  const changing = (more: object) => ({ ...greeter(), integrations: [{ ...integration('Ours'), ...more }] });
  const none = await account.call('POST', '/bots', { json: changing({ method: 'POST' }) });
  expect(none).toMatchObject({ status: 201, body: { warnings: [] } });
  const typed = await account.call('POST', '/bots', { json: changing({ method: 'POST', credential: 'Other' }) });
  expect(JSON.stringify(typed.body['warnings'])).toContain('/integrations/0/description');
});

describe("an identity provider's issuer", () => {
  let named = 0;
  const discovered = (url: string) => ({ name: `Discovered ${(named += 1)}`, issuer: url, client_id: 'errand' });

  test('is tried when it is saved; what cannot be read is a warning', async () => {
    const right = await account.call('POST', '/identity-providers', { json: discovered(at(issuer)) });
    expect(right).toMatchObject({ status: 201, body: { warnings: [] } });
    const url = `/identity-providers/${String(right.body['id'])}`;
    const changed = await account.call('PUT', url, { json: discovered(`${at(issuer)}/other`) });
    expect(changed).toMatchObject({
      status: 200,
      body: { warnings: [{ pointer: '/issuer', detail: expect.stringContaining('could not be read') }] },
    });
    expect(changed.text).not.toContain('..');
    expect((await account.call('GET', url)).body).not.toHaveProperty('warnings');
  });

  test('is not waited for when nothing answers, and is called through the guard only', async () => {
    const silent = await account.call('POST', '/identity-providers', { json: discovered(at(mute)) });
    expect(silent).toMatchObject({ status: 201, body: { warnings: [{ pointer: '/issuer' }] } });
    const guarded = await account.call('POST', '/identity-providers', { json: discovered('http://127.0.0.1:1') });
    expect(guarded).toMatchObject({ status: 201, body: { warnings: [{ pointer: '/issuer' }] } });
    expect(`${silent.text}${guarded.text}`).not.toContain('..');
  });
});
