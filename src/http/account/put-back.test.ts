import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  account = await server.account();
});
afterAll(() => server.close());

const provider = {
  name: 'Login',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  client_id: 'errand',
  client_secret: 'given once',
};
const origins = ['https://api.example'];
const url = 'https://login.example/authorize?client_id=errand&response_type=code';
const consumers = { type: 'consumer_authentication', origins };

/** Each resource's collection with what creates one. The provider comes first: credentials need it. */
const every: [string, (provider_id: string) => object][] = [
  ['/identity-providers', () => ({ ...provider, name: 'Other', client_id: 'other' })],
  ['/credentials', (identity_provider_id) => ({ ...consumers, name: 'Managed', identity_provider_id, scope: 'a b' })],
  ['/credentials', () => ({ ...consumers, name: 'Recipe', authentication_url: `${url}&scope=a%20b&state=1` })],
  ['/credentials', () => ({ ...consumers, name: 'No scope', authentication_url: url, import_id: 'i-1' })],
  ['/credentials', () => ({ name: 'Token', type: 'access_token', origins, token: 'tok', token_type: '' })],
  ['/credentials', () => ({ name: 'Key', type: 'access_token', origins, token: 'tok', parameter: 'key' })],
  ['/credentials', () => ({ name: 'Basic', type: 'basic', origins, user_name: 'u', user_password: 'p' })],
  ['/credentials', () => ({ name: 'Signing', type: 'webhook_signing', origins })],
  ['/environments', () => ({ name: 'live', variables: { brand: 'x' } })],
  ['/bots', () => ({ document: greeter(), name: 'Named', embed_origins: ['https://shop.example'] })],
];

const secrets = () =>
  server.db.all(
    'SELECT id, client_secret AS secret FROM identity_provider UNION ALL SELECT id, secret FROM credential ORDER BY 1',
  );
const settingsOf = ({
  version: _v,
  updated_at: _u,
  replaced: _r,
  warnings: _w,
  ...settings
}: Record<string, unknown>) => settings;

describe('read, change, write', () => {
  test('what a resource shows is put back as it is, and nothing is another but its version', async () => {
    const provider_id = await account.create('/identity-providers', provider);
    for (const [path, made] of every) {
      const created = await account.call('POST', path, { json: made(provider_id) });
      expect(created.status, created.text).toBe(201);
      const one = `${path}/${String(created.body['id'])}`;
      const name = String(created.body['name']);
      const kept = await secrets();
      const read = await account.call('GET', one);
      const back = await account.call('PUT', one, { json: read.body });
      expect(back, back.text).toMatchObject({ status: 200, body: { version: 2 } });
      expect(settingsOf(back.body)).toEqual(settingsOf(read.body));
      expect(await secrets()).toEqual(kept);
      const renamed = await account.call('PUT', one, { json: { ...read.body, name: `New ${name}` } });
      expect(settingsOf(renamed.body)).toEqual({ ...settingsOf(read.body), name: `New ${name}` });
      // What only the answer to a write says is no obstacle either.
      for (const { body } of [created, back, renamed])
        expect(await account.call('PUT', one, { json: { ...body, name: `Newest ${name}` } })).toMatchObject({
          status: 200,
        });
      const { body: list } = await account.call('GET', path);
      const listed = (Array.isArray(list['items']) ? list['items'] : []).find(({ id }) => id === created.body['id']);
      expect(await account.call('PUT', one, { json: listed })).toMatchObject({
        status: 200,
        body: { name: `Newest ${name}` },
      });
    }
  });

  test('what is read-only cannot be changed, and the answer says where it was tried', async () => {
    const provider_id = await account.create('/identity-providers', provider);
    const bot = await server.publishedBot(account);
    const cases: [string, object][] = [
      [`/identity-providers/${provider_id}`, { id: 'idp_other' }],
      [`/identity-providers/${provider_id}`, { has_client_secret: false }],
      [`/identity-providers/${provider_id}`, { version: 7 }],
      [`/bots/${bot}`, { published_version: null }],
      [`/bots/${bot}`, { created_at: '2020-01-01T00:00:00.000Z' }],
      [`/bots/${bot}`, { chat_url: 'https://elsewhere.example' }],
      [`/bots/${bot}`, { unknown: 1 }],
      [`/bots/${bot}`, { dialogs: [] }],
    ];
    for (const [path, change] of cases) {
      const { body } = await account.call('GET', path);
      const answer = await account.call('PUT', path, { json: { ...body, ...change } });
      const pointer = `/${Object.keys(change)[0]}`;
      expect(answer, answer.text).toMatchObject({ status: 400, body: { code: 'invalid_body', errors: [{ pointer }] } });
      expect((await account.call('GET', path)).body).toEqual(body);
    }
  });

  test('an older reading may be put back: what changed by itself since is no fault, and If-Match refuses it', async () => {
    const bot = await account.create('/bots', greeter());
    const { body, headers } = await account.call('GET', `/bots/${bot}`);
    await account.create(`/bots/${bot}/publish`, {});
    const json = { ...body, name: 'New' };
    const late = await account.call('PUT', `/bots/${bot}`, { json, headers: { 'if-match': String(headers['etag']) } });
    expect(late.status).toBe(412);
    expect(await account.call('PUT', `/bots/${bot}`, { json })).toMatchObject({
      status: 200,
      body: { name: 'New', published_version: 1 },
    });
  });

  test("a recipe's scope is its URL's: a new URL brings its own, and without the URL the scope stands alone", async () => {
    const provider_id = await account.create('/identity-providers', provider);
    const recipe = { ...consumers, name: 'Recipe', authentication_url: `${url}&scope=a` };
    const one = `/credentials/${await account.create('/credentials', recipe)}`;
    const { body } = await account.call('GET', one);
    const put = (json: object) => account.call('PUT', one, { json });
    expect(await put({ ...body, scope: 'b' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/scope' }] },
    });
    expect(await put({ ...body, authentication_url: `${url}&scope=b` })).toMatchObject({ body: { scope: 'b' } });
    const { authentication_url: _, ...managed } = body;
    expect(await put(managed)).toMatchObject({ status: 200, body: { mode: 'managed', scope: 'a' } });
    expect(await account.call('POST', '/credentials', { json: { ...recipe, name: 'R2', scope: 'a' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/scope' }] },
    });
    expect(provider_id).toBe(body['identity_provider_id']);
  });

  test('to create takes no read-only field', async () => {
    const id = await account.create('/identity-providers', provider);
    const { body } = await account.call('GET', `/identity-providers/${id}`);
    const again = await account.call('POST', '/identity-providers', { json: { ...body, name: 'Copy' } });
    expect(again).toMatchObject({
      status: 400,
      body: { errors: expect.arrayContaining([{ pointer: '/id', detail: 'unknown field' }]) },
    });
  });
});
