import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
/** A provider's metadata over real HTTP on loopback. */
let issuer: { server: Server; url: string };

beforeAll(async () => {
  issuer = await startIssuer();
  server = await startTestServer({ egressAllow: [new URL(issuer.url).host] });
});
beforeEach(async () => {
  account = await server.account();
});
afterAll(async () => {
  await server.close();
  await new Promise((resolve) => issuer.server.close(resolve));
});

async function startIssuer() {
  const http = createServer((_request, response) => {
    const metadata = {
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ['code'],
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { server: http, url };
}

const provider = (change: object = {}) => ({
  name: 'Login',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  client_id: 'errand',
  client_secret: 's3cret',
  ...change,
});
const common = { type: 'consumer_authentication', origins: ['https://api.example'] };
const recipe = (url: string, change: object = {}) => ({
  ...common,
  name: 'Recipe',
  authentication_url: url,
  ...change,
});
const loginUrl = 'https://login.example/authorize?client_id=errand&response_type=code&scope=orders.read';

describe('managed credentials', () => {
  test('name a provider and a scope; the redirect URI is theirs alone', async () => {
    const identity_provider_id = await account.create('/identity-providers', provider());
    const made = await account.call('POST', '/credentials', {
      json: { ...common, name: 'Managed', identity_provider_id, scope: 'orders.read' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { mode: 'managed', binding: 'code', header: 'Authorization', scope: 'orders.read' },
    });
    expect(made.body['redirect_uri']).toBe(`http://localhost:4300/callback/${account.id}/${made.body['id']}`);
    for (const half of [{ identity_provider_id }, { scope: 'orders.read' }, {}]) {
      expect((await account.call('POST', '/credentials', { json: { ...common, name: 'Half', ...half } })).status).toBe(
        400,
      );
    }
  });

  test("TN-02: another account's provider is none", async () => {
    const stranger = await server.account();
    const identity_provider_id = await stranger.create('/identity-providers', provider());
    const json = { ...common, name: 'Stolen', identity_provider_id, scope: 'x' };
    expect(await account.call('POST', '/credentials', { json })).toMatchObject({
      status: 404,
      body: { errors: [{ pointer: '/identity_provider_id' }] },
    });
    expect((await account.call('GET', '/credentials')).body).toMatchObject({ items: [] });
  });

  test('origins are required and exact; the header is one that may carry a token', async () => {
    const identity_provider_id = await account.create('/identity-providers', provider());
    const json = { ...common, name: 'C', identity_provider_id, scope: 'x' };
    const { origins: _, ...without } = json;
    expect((await account.call('POST', '/credentials', { json: without })).status).toBe(400);
    for (const origin of [
      'https://api.example/',
      'https://api.example/v1',
      'https://API.example',
      'https://api.example:443',
      'http://api.example',
      'https://*.example',
      'https://u@api.example',
    ]) {
      const answer = await account.call('POST', '/credentials', {
        json: { ...json, origins: ['https://api.example', origin] },
      });
      expect(answer, origin).toMatchObject({ status: 400, body: { errors: [{ pointer: '/origins/1' }] } });
    }
    expect((await account.call('POST', '/credentials', { json: { ...json, origins: [] } })).status).toBe(400);
    for (const header of ['Host', 'Cookie', 'Content-Length', 'X Y', 'A\r\nB']) {
      expect((await account.call('POST', '/credentials', { json: { ...json, header } })).status, header).toBe(400);
    }
  });
});

describe('recipe credentials', () => {
  test('P13: what Errand sets itself is taken out of the URL, and the answer says so', async () => {
    await account.create('/identity-providers', provider());
    const theirs =
      '&state=1&nonce=2&redirect_uri=https%3A%2F%2Fx.example&redirectedCode=y&code_challenge=3&code_challenge_method=plain&prompt=login';
    const made = await account.call('POST', '/credentials', { json: recipe(`${loginUrl}${theirs}`) });
    expect(made).toMatchObject({ status: 201, body: { mode: 'recipe', scope: 'orders.read' } });
    expect(made.body['replaced']).toEqual([
      'state',
      'nonce',
      'redirect_uri',
      'redirectedCode',
      'code_challenge',
      'code_challenge_method',
    ]);
    expect(made.body['authentication_url']).toBe(`${loginUrl}&prompt=login`);
    expect(made.body['redirect_uri']).toBe(`http://localhost:4300/callback/${account.id}/redirectCode`);
  });

  test("the provider is the account's only one with the URL's client_id", async () => {
    expect(await account.call('POST', '/credentials', { json: recipe(loginUrl) })).toMatchObject({
      status: 422,
      body: { code: 'identity_provider_ambiguous' },
    });
    const id = await account.create('/identity-providers', provider());
    expect(await account.call('POST', '/credentials', { json: recipe(loginUrl) })).toMatchObject({
      status: 201,
      body: { identity_provider_id: id },
    });
    await account.create('/identity-providers', provider({ name: 'Second' }));
    expect(await account.call('POST', '/credentials', { json: recipe(loginUrl, { name: 'R2' }) })).toMatchObject({
      status: 422,
      body: { code: 'identity_provider_ambiguous' },
    });
    const named = recipe(loginUrl, { name: 'R2', identity_provider_id: id });
    expect(await account.call('POST', '/credentials', { json: named })).toMatchObject({
      status: 201,
      body: { identity_provider_id: id },
    });
  });

  test("a URL of another origin than the provider's authorization_endpoint is refused", async () => {
    const identity_provider_id = await account.create('/identity-providers', provider());
    for (const url of [
      loginUrl.replace('login.example', 'login.example.evil.example'),
      loginUrl.replace('login.example', 'login.example:8443'),
      loginUrl.replace('login', 'Iogin'),
    ]) {
      const answer = await account.call('POST', '/credentials', { json: recipe(url, { identity_provider_id }) });
      expect(answer, url).toMatchObject({ status: 400, body: { errors: [{ pointer: '/authentication_url' }] } });
    }
    for (const url of [
      'javascript:alert(1)',
      'https://u:p@login.example/authorize',
      `${loginUrl}#x`,
      `${loginUrl}&client_id=other`,
      loginUrl.replace('=code', '=token'),
      loginUrl.replace('errand', 'other'),
    ]) {
      const answer = await account.call('POST', '/credentials', { json: recipe(url, { identity_provider_id }) });
      expect(answer, url).toMatchObject({
        status: 400,
        body: { code: 'invalid_body', errors: [{ pointer: '/authentication_url' }] },
      });
    }
  });

  test('the endpoint is discovered where it is not configured; a provider that is away is said', async () => {
    await account.create('/identity-providers', { name: 'Discovered', issuer: issuer.url, client_id: 'errand' });
    const made = await account.call('POST', '/credentials', { json: recipe(`${issuer.url}/auth?client_id=errand`) });
    expect(made).toMatchObject({ status: 201, body: { mode: 'recipe' } });
    const other = recipe('https://login.example/auth?client_id=errand', { name: 'R2' });
    expect((await account.call('POST', '/credentials', { json: other })).status).toBe(400);
    await account.create('/identity-providers', {
      name: 'Not allowed',
      issuer: 'http://127.0.0.1:1',
      client_id: 'blocked',
    });
    const blocked = await account.call('POST', '/credentials', {
      json: recipe('http://127.0.0.1:1/auth?client_id=blocked', { name: 'R3' }),
    });
    expect([400, 503]).toContain(blocked.status);
  });
});

test('what an export calls a credential is one credential', async () => {
  const identity_provider_id = await account.create('/identity-providers', provider());
  const json = { ...common, identity_provider_id, scope: 'x', import_id: 'i-1' };
  const first = await account.create('/credentials', { ...json, name: 'First' });
  const taken = { status: 409, body: { code: 'conflict', errors: [{ pointer: '/import_id' }] } };
  expect(await account.call('POST', '/credentials', { json: { ...json, name: 'Second' } })).toMatchObject(taken);
  const second = await account.create('/credentials', { ...json, name: 'Second', import_id: 'i-2' });
  const put = (id: string, change: object) =>
    account.call('PUT', `/credentials/${id}`, { json: { ...json, ...change } });
  expect(await put(second, { name: 'Second' })).toMatchObject(taken);
  expect((await put(first, { name: 'Renamed' })).status).toBe(200);
});

test('an export finds its credential by import id, else by id or name', async () => {
  const identity_provider_id = await account.create('/identity-providers', provider());
  const json = { ...common, identity_provider_id, scope: 'x' };
  const id = await account.create('/credentials', { ...json, name: 'first' });
  await account.create('/credentials', { ...json, name: 'second', import_id: 'first' });
  const cases = { first: 'second', second: 'second', [id]: 'first', third: 'import:third' };
  for (const [apiCredentialsId, name] of Object.entries(cases)) {
    const responder = { id: 'r', name: 'R', integrationType: 'API', method: 'GET', webhook: 'https://api.example/o' };
    const exported = { bot: { name: 'B' }, conversationMessage: [], responder: [{ ...responder, apiCredentialsId }] };
    const answer = await account.call('POST', '/bots/import', { json: exported });
    expect(answer, answer.text).toMatchObject({
      status: 201,
      body: { bot: { document: { integrations: [{ credential: name }] } } },
    });
  }
});

describe('a credential in use', () => {
  test('is neither renamed nor deleted, and the answer says by what; nor is an environment', async () => {
    const identity_provider_id = await account.create('/identity-providers', provider());
    const id = await account.create('/credentials', { ...common, name: 'Sign-in', identity_provider_id, scope: 'x' });
    const integration = {
      id: 'n',
      name: 'Orders',
      type: 'api',
      method: 'GET',
      url: 'https://api.example/o',
      headers: [],
      credential: 'Sign-in',
      response_variable: 'orders',
    };
    const document = { ...greeter(), environment: 'live', integrations: [integration] };
    const live = await account.create('/environments', { name: 'live', variables: {} });
    const bot = await account.create('/bots', document);
    const json = { ...common, name: 'Other', identity_provider_id, scope: 'x' };
    const named = { code: 'conflict', errors: [{ pointer: '/name', detail: expect.stringMatching(/Greeter/) }] };
    const renamed = { status: 409, body: named };
    expect(await account.call('PUT', `/credentials/${id}`, { json })).toMatchObject(renamed);
    expect(await account.call('PUT', `/credentials/${id}`, { json: { ...json, name: 'Sign-in' } })).toMatchObject({
      status: 200,
    });
    const environment = { name: 'dead', variables: {} };
    expect(await account.call('PUT', `/environments/${live}`, { json: environment })).toMatchObject(renamed);
    expect(await account.call('DELETE', `/credentials/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('Greeter') },
    });
    expect((await account.call('DELETE', `/bots/${bot}`)).status).toBe(204);
    expect((await account.call('PUT', `/credentials/${id}`, { json })).status).toBe(200);
    expect((await account.call('PUT', `/environments/${live}`, { json: environment })).status).toBe(200);
    expect((await account.call('DELETE', `/credentials/${id}`)).status).toBe(204);
  });
});
