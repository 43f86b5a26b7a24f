import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHostileBrand, type HostileBrand } from '../../../acceptance/hostile/hostile-brand.ts';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let brand: HostileBrand;
beforeAll(async () => {
  brand = await startHostileBrand();
  server = await startTestServer({ egressAllow: [brand.place] });
});
beforeEach(async () => {
  account = await server.account();
  brand.misbehave();
});
afterAll(async () => {
  await server.close();
  await brand.close();
});

const bringIn = (json: object) => account.call('POST', '/integrations/import', { json });
const attempt = (json: object, path = '/integrations/test') => account.call('POST', path, { json });
const look = (more: object = {}) => ({
  id: 'i',
  name: 'Look',
  type: 'api',
  method: 'GET',
  url: `${brand.url}/look`,
  response_variable: 'Look',
  fields: [{ key: 'item', value: '{$.api_Look.item}' }],
  ...more,
});
const everything = async () =>
  JSON.stringify([
    await server.db.all('SELECT * FROM credential'),
    await server.db.all('SELECT * FROM audit'),
    await server.db.all('SELECT * FROM bot'),
  ]);

describe('an integration from a cURL command', () => {
  test('its secret becomes a credential, is never returned, and the integration names it', async () => {
    const curl = `curl ${brand.url}/look -H 'Authorization: Bearer tok-canary-77'`;
    const made = await bringIn({ curl });
    expect(made).toMatchObject({
      status: 201,
      body: {
        integration: { name: 'Look', credential: 'Look credential', url: `${brand.url}/look` },
        credential: { name: 'Look credential', type: 'access_token' },
        report: [],
      },
    });
    expect(`${made.text}${await everything()}`).not.toContain('tok-canary-77');
    const again = await bringIn({ curl });
    expect(again).toMatchObject({ body: { integration: { credential: 'Look credential 2' } } });

    const tried = await attempt({ integration: made.body['integration'] });
    expect(tried).toMatchObject({ status: 200, body: { outcome: 'success', status: 200 } });
    expect(brand.requests().at(-1)?.headers['authorization']).toBe('Bearer tok-canary-77');
    expect(tried.body['request']).toMatchObject({ headers: { authorization: 'Bearer •••' } });
    expect(tried.text).not.toContain('tok-canary-77');
  });

  test('without a secret, or with one that cannot be kept, no credential is made and the report says so', async () => {
    expect(await bringIn({ curl: `curl ${brand.url}/look`, name: 'Mine' })).toMatchObject({
      status: 200,
      body: { integration: { name: 'Mine' }, report: [] },
    });
    const plain = await bringIn({ curl: "curl http://api.example/x -H 'Authorization: Bearer tok-canary-78'" });
    expect(plain).toMatchObject({ status: 200, body: { report: [{ path: '/credential' }] } });
    expect(`${plain.text}${await everything()}`).not.toContain('tok-canary-78');
    expect((await account.call('GET', '/credentials')).body).toMatchObject({ items: [] });
  });
});

test('an integration from an OpenAPI operation says which credential to create', async () => {
  const openapi = {
    openapi: '3.0.3',
    servers: [{ url: 'https://api.example' }],
    components: { securitySchemes: { b: { type: 'http', scheme: 'basic' } } },
    paths: { '/orders/{id}': { get: { operationId: 'order', security: [{ b: [] }] } } },
  };
  expect(await bringIn({ openapi, operation_id: 'order' })).toMatchObject({
    status: 200,
    body: {
      integration: {
        name: 'order',
        url: 'https://api.example/orders/{$botContext.id}',
        credential: 'order credential',
      },
      report: [{ path: '/credential', message: expect.stringContaining('type basic') }],
    },
  });
  expect((await bringIn({ openapi, method: 'get', path: '/orders/{id}' })).status).toBe(200);
});

test.each([
  [{}, '/curl'],
  [{ curl: 'curl https://a.example', openapi: {} }, '/curl'],
  [{ curl: 'rm -rf /' }, '/curl'],
  [{ openapi: 'openapi: 3.0.0', operation_id: 'x' }, '/openapi'],
  [{ openapi: { openapi: '3.0.0' } }, '/operation_id'],
  [{ openapi: { openapi: '3.0.0' }, method: 'get' }, '/operation_id'],
  [{ curl: 'curl https://a.example', run: true }, '/run'],
])('%j is refused at %s', async (json, pointer) => {
  expect(await bringIn(json)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
});

describe('a test of an integration', () => {
  test('LP-78 LP-88 runs on the runtime own path and shows what a conversation would have', async () => {
    const { status, body } = await attempt({
      integration: look({ url: `${brand.url}/{$botContext.what}`, parameters: [{ key: 'q', value: '{$env.region}' }] }),
      variables: { what: 'a b' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'success',
      status: 200,
      request: { method: 'GET', url: `${brand.url}/a%20b?q=%7B%24env.region%7D` },
      answer: { status: 200, body: expect.stringContaining('Lantern') },
      fields: { item: 'Lantern', 'item.count': '1' },
      variables: { api_LookStatus: '200', api_Look: { jsonData: expect.stringContaining('"api_Look"') } },
      events: [{ at: expect.stringMatching(/^20.*Z$/), what: 'answer', status: 200 }],
    });
    expect(body['variables']).not.toHaveProperty('what');
  });

  test('what changes something needs a confirmation', async () => {
    const before = brand.requests().length;
    for (const more of [{ method: 'POST' }, { risk: 'danger' }, { type: 'function' }]) {
      expect(await attempt({ integration: look(more) })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/confirm' }] },
      });
    }
    expect(brand.requests().length).toBe(before);
    expect(await attempt({ integration: look({ method: 'POST' }), confirm: true })).toMatchObject({
      body: { outcome: 'success' },
    });
    expect(brand.requests().length).toBe(before + 1);
  });

  test('a function is signed, a file goes as a form', async () => {
    await account.create('/credentials', { name: 'Sign', type: 'webhook_signing', origins: [brand.url] });
    const signed = look({ type: 'function', method: 'POST', credential: 'Sign', body: '{"a": "{$botContext.a}"}' });
    expect(await attempt({ integration: signed, confirm: true, variables: { a: '"' } })).toMatchObject({
      body: { outcome: 'success', request: { headers: { 'webhook-signature': '•••' } } },
    });
    expect(JSON.parse(brand.requests().at(-1)?.body ?? '')).toMatchObject({
      account_id: account.id,
      payload: { a: '"' },
    });
    expect(brand.requests().at(-1)?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(await attempt({ integration: look({ type: 'file', method: 'POST' }), confirm: true })).toMatchObject({
      body: { outcome: 'success', request: { body: expect.stringContaining('test.txt') } },
    });
    expect(brand.requests().at(-1)?.headers['content-type']).toContain('multipart/form-data');
  });

  test('a call for a consumer is not made: nobody has signed in', async () => {
    const provider = {
      name: 'Login',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
      client_id: 'errand',
    };
    const identity_provider_id = await account.create('/identity-providers', provider);
    const consumers = { type: 'consumer_authentication', origins: [brand.url], identity_provider_id, scope: 'x' };
    await account.create('/credentials', { ...consumers, name: 'Orders' });
    const before = brand.requests().length;
    expect(await attempt({ integration: look({ credential: 'Orders' }) })).toMatchObject({
      status: 200,
      body: { outcome: 'needs_sign_in', status: null, answer: null, detail: expect.stringContaining('sign in') },
    });
    expect(brand.requests().length).toBe(before);
  });

  test('places of the house are not reached; what is refused says why', async () => {
    for (const url of ['http://127.0.0.1:1/', 'http://169.254.169.254/latest/meta-data/', 'http://[::1]/']) {
      expect(await attempt({ integration: look({ url }) }), url).toMatchObject({
        body: { outcome: 'blocked', answer: null, detail: expect.any(String) },
      });
    }
    expect(await attempt({ integration: look({ credential: 'nobody' }) })).toMatchObject({
      body: { outcome: 'misconfigured', detail: expect.stringContaining('nobody') },
    });
    const variables = { what: 'a\nb' };
    expect(await attempt({ integration: look({ url: `${brand.url}/{$botContext.what}` }), variables })).toMatchObject({
      body: { outcome: 'misconfigured', detail: expect.stringContaining('line break') },
    });
  });

  test("one of a bot's draft is meant by its name, with the bot's environment", async () => {
    await account.create('/environments', { name: 'live', variables: { brand: brand.url } });
    const document = { ...greeter(), environment: 'live', integrations: [look({ url: '{$env.brand}/env' })] };
    const bot = await account.create('/bots', document);
    const path = `/bots/${bot}/integrations/test`;
    expect(await attempt({ integration: 'Look' }, path)).toMatchObject({
      body: { outcome: 'success', request: { url: `${brand.url}/env` } },
    });
    expect((await attempt({ integration: 'Other' }, path)).status).toBe(404);
    expect((await attempt({ integration: 'Look' })).status).toBe(400);
    const stranger = await server.account();
    expect((await stranger.call('POST', path, { json: { integration: 'Look' } })).status).toBe(404);
  });

  test.each([
    [{}, '/integration'],
    [{ integration: { name: 'x' } }, '/integration/id'],
    [{ integration: 'x', environment: 'none' }, '/integration'],
  ])('%j is refused', async (json, pointer) => {
    const answer = await attempt(json);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body['errors'])).toContain(pointer);
  });

  test('an integration that no document could have is not called', async () => {
    const answer = await attempt({ integration: look({ url: 'ftp://x' }) });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/integration/url' }] } });
    expect(await attempt({ integration: look(), environment: 'none' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/environment' }] },
    });
  });

  test('there are only so many in a minute', async () => {
    let last = 200;
    for (let count = 0; count < 61 && last !== 429; count++) last = (await attempt({ integration: 'x' })).status;
    expect(last).toBe(429);
    const other = await server.account();
    expect((await other.call('POST', '/integrations/test', { json: { integration: 'x' } })).status).toBe(400);
  });
});
