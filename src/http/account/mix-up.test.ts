import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  account = await server.account();
});
afterAll(() => server.close());

const provider = (name: string, change: object = {}) => ({
  name,
  authorization_endpoint: `https://${name}.example/authorize`,
  token_endpoint: `https://${name}.example/token`,
  client_id: name,
  client_secret: 's3cret',
  ...change,
});
const recipe = (name: string) => ({
  name,
  type: 'consumer_authentication',
  origins: ['https://api.example'],
  authentication_url: `https://${name}.example/authorize?client_id=${name}&scope=orders`,
});
const refused = (pointer: string) => ({
  status: 422,
  body: { code: 'identity_provider_ambiguous', errors: [{ pointer, detail: expect.stringContaining('issuer') }] },
});
const save = (name: string) => account.call('POST', '/credentials', { json: recipe(name) });
const issuer = (name: string) => ({ issuer: `https://${name}.example` });

test('P7 P8 one recipe provider needs no issuer; a second one that cannot be told from it is refused', async () => {
  await account.create('/identity-providers', provider('login'));
  const other = await account.create('/identity-providers', provider('other', issuer('other')));
  expect((await save('login')).status).toBe(201);
  expect(await save('other')).toMatchObject(refused('/identity_provider_id'));
  const { body } = await account.call('GET', '/credentials');
  expect(body['items']).toHaveLength(1);
  expect((await account.call('DELETE', `/identity-providers/${other}`)).status).toBe(204);
});

test('P7 P8 with both issuers given they may share it, and neither issuer can be taken away again', async () => {
  const login = await account.create('/identity-providers', provider('login', issuer('login')));
  await account.create('/identity-providers', provider('other', issuer('other')));
  for (const name of ['login', 'other']) expect((await save(name)).status).toBe(201);
  const without = await account.call('PUT', `/identity-providers/${login}`, { json: provider('login') });
  expect(without).toMatchObject(refused('/issuer'));
});

test("P7 another provider's issuer is no issuer of its own", async () => {
  await account.create('/identity-providers', provider('login', issuer('login')));
  const hostile = await account.create('/identity-providers', provider('hostile', issuer('login')));
  expect((await save('login')).status).toBe(201);
  expect(await save('hostile')).toMatchObject(refused('/identity_provider_id'));
  const own = provider('hostile', issuer('hostile'));
  expect((await account.call('PUT', `/identity-providers/${hostile}`, { json: own })).status).toBe(200);
  expect((await save('hostile')).status).toBe(201);
  const back = provider('hostile', issuer('login'));
  expect(await account.call('PUT', `/identity-providers/${hostile}`, { json: back })).toMatchObject(refused('/issuer'));
});
