import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { madeWith } from '../../delegation/made-with.ts';
import { providerMark } from '../../delegation/configured.ts';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let providerId: string;
let credentialId: string;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  account = await server.account();
  providerId = await account.create('/identity-providers', provider());
  credentialId = await account.create('/credentials', credential());
  await holdTokens();
});
afterAll(() => server.close());

const provider = (change: object = {}) => ({
  name: 'Login',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  revocation_endpoint: 'https://login.example/revoke',
  client_id: 'errand',
  client_secret: 's3cret',
  ...change,
});
const credential = (change: object = {}) => ({
  name: 'Orders',
  type: 'consumer_authentication',
  identity_provider_id: providerId,
  scope: 'orders',
  origins: ['https://api.example'],
  ...change,
});

/** A connection as a grant leaves it; its tokens are never opened here. */
async function holdTokens(): Promise<void> {
  const row = await server.db.get<{ document: string }>(
    'SELECT document FROM identity_provider WHERE id = ?',
    providerId,
  );
  const provider_mark = providerMark({ id: providerId, document: row?.document ?? '' });
  const made = madeWith({ provider_mark, header: 'Authorization', origins: ['https://api.example'] });
  await server.db.write((tx) =>
    tx.run(
      `INSERT INTO connection (id, account_id, credential_id, principal, issuer, resource, conversation_id, identity_provider_id,
         status, scope, level, generation, access_token, token_version, obtained_at, refresh_fence, created_at, made_with)
       VALUES (?, ?, ?, 'conv', 'x', '', 'conv', ?, 'active', 'orders', 2, 1, 'sealed', 1, 0, 0, 0, ?)`,
      `con_${account.id}`,
      account.id,
      credentialId,
      providerId,
      made,
    ),
  );
}

async function shown() {
  const { body } = await account.call('GET', '/connections');
  return body;
}
const put = (path: string, json: object) => account.call('PUT', path, { json });
const live = { items: [{ status: 'active', revocation: null }], revocations: { pending: 0, gave_up: 0 } };
const owed = { items: [{ status: 'revoked', revocation: 'pending' }], revocations: { pending: 1, gave_up: 0 } };

test('1a 1b another endpoint ends the connection and owes its tokens to the former one', async () => {
  expect((await put(`/identity-providers/${providerId}`, provider({ client_secret: 'renewed' }))).status).toBe(200);
  expect(await shown()).toMatchObject(live);
  const moved = provider({ token_endpoint: 'https://elsewhere.example/token' });
  expect((await put(`/identity-providers/${providerId}`, moved)).status).toBe(200);
  expect(await shown()).toMatchObject(owed);
  const row = await server.db.get<{ body: string }>('SELECT body FROM outbox WHERE account_id = ?', account.id);
  expect(row?.body).toContain('https://login.example/token');
  expect(row?.body).not.toContain('elsewhere');
});

test('1c another origin or header ends it; another name or scope does not', async () => {
  expect((await put(`/credentials/${credentialId}`, credential({ name: 'Renamed', scope: 'all' }))).status).toBe(200);
  expect(await shown()).toMatchObject(live);
  const wider = credential({ origins: ['https://api.example', 'https://elsewhere.example'] });
  expect((await put(`/credentials/${credentialId}`, wider)).status).toBe(200);
  expect(await shown()).toMatchObject(owed);
});

test('the audit says who ended a connection: the key that revoked it or configured something else', async () => {
  const wider = credential({ origins: ['https://api.example', 'https://elsewhere.example'] });
  const ending = [
    () => put(`/credentials/${credentialId}`, wider),
    () => account.call('DELETE', `/connections/con_${account.id}`),
  ];
  for (const end of ending) {
    await server.db.write((tx) => tx.run('DELETE FROM connection WHERE account_id = ?', account.id));
    await holdTokens();
    expect([200, 204]).toContain((await end()).status);
    const { body } = await account.call('GET', '/audit');
    const [by, ended] = Array.isArray(body['items']) ? body['items'] : [];
    expect(ended).toMatchObject({ action: 'connection.ended', actor: expect.stringMatching(/^key:/) });
    expect(by).toMatchObject({ actor: ended.actor });
  }
});

test('7 neither the credential nor the provider is deleted while tokens are held or owed', async () => {
  const remove = (path: string) => account.call('DELETE', path);
  const other = await account.create('/identity-providers', provider({ name: 'Other' }));
  expect((await remove(`/credentials/${credentialId}`)).status).toBe(409);
  expect((await put(`/credentials/${credentialId}`, credential({ identity_provider_id: other }))).status).toBe(200);
  expect(await shown()).toMatchObject(owed);
  for (const path of [`/credentials/${credentialId}`, `/identity-providers/${providerId}`]) {
    expect(await remove(path), path).toMatchObject({ status: 409, body: { code: 'conflict' } });
  }
  await server.db.write((tx) => tx.run('UPDATE outbox SET gave_up_at = 1 WHERE account_id = ?', account.id));
  expect(await shown()).toMatchObject({ items: [{ revocation: 'gave_up' }], revocations: { pending: 0, gave_up: 1 } });
  for (const path of [`/credentials/${credentialId}`, `/identity-providers/${providerId}`]) {
    expect((await remove(path)).status, path).toBe(204);
  }
  const metrics = await server.call('GET', '/metrics', { headers: { host: '127.0.0.1:4300' } });
  expect(metrics.text).toMatch(/errand_revocations\{state="gave_up"\} [1-9]/);
});
