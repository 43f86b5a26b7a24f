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

const origins = ['https://api.example'];
const token = { name: 'Token', type: 'access_token', origins, token: 'tok-canary-1' };
const basic = { name: 'Basic', type: 'basic', origins, user_name: 'errand', user_password: 'pass canary 1' };
const signing = { name: 'Signing', type: 'webhook_signing', origins };

const create = (json: object) => account.call('POST', '/credentials', { json });
const everything = async () =>
  JSON.stringify([
    await server.db.all('SELECT * FROM credential'),
    await server.db.all('SELECT * FROM audit'),
    (await account.call('GET', '/credentials')).text,
  ]);

describe('credentials with a secret of their own', () => {
  test('LP-30 LP-31 LP-41 are created, listed and read, and their secret never comes out again', async () => {
    const made = await create({ ...token, token_type: 'Custom scheme' });
    expect(made).toMatchObject({
      status: 201,
      body: { type: 'access_token', token_type: 'Custom scheme', header: 'Authorization', origins, version: 1 },
    });
    const user = await create(basic);
    expect(user).toMatchObject({ status: 201, body: { type: 'basic', user_name: 'errand' } });
    const one = await account.call('GET', `/credentials/${user.body['id']}`);
    expect(one).toMatchObject({ status: 200, body: user.body });
    const shown = `${made.text}${user.text}${one.text}${await everything()}`;
    for (const secret of ['tok-canary-1', 'pass canary 1']) expect(shown).not.toContain(secret);
  });

  test('a signing secret is made where none is given, and shown once', async () => {
    const made = await create(signing);
    expect(made).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) } });
    const secret = String(made.body['secret']);
    expect((await account.call('GET', `/credentials/${made.body['id']}`)).body).not.toHaveProperty('secret');
    expect(await everything()).not.toContain(secret);
    const given = await create({ ...signing, name: 'Given', secret });
    expect(given.status).toBe(201);
    expect(given.text).not.toContain(secret);
  });

  test('what is missing, strange or of no type is named at its place', async () => {
    const cases: [object, string][] = [
      [{ ...token, token: undefined }, '/token'],
      [{ ...token, token: 'two words' }, '/token'],
      [{ ...token, user_name: 'x' }, '/user_name'],
      [{ ...token, header: 'Host' }, '/header'],
      [{ ...token, header: 'X-Key', parameter: 'key' }, '/parameter'],
      [{ ...token, origins: ['https://api.example/path'] }, '/origins/0'],
      [{ ...token, origins: ['https://*.example'] }, '/origins/0'],
      [{ ...token, origins: [] }, '/origins'],
      [{ ...basic, user_password: undefined }, '/user_password'],
      [{ ...basic, user_name: undefined }, '/user_name'],
      [{ ...basic, user_name: 'a:b' }, '/user_name'],
      [{ ...basic, scope: 'x' }, '/scope'],
      [{ ...signing, secret: 'whsec_c2hvcnQ=' }, '/secret'],
      [{ ...signing, secret: `whsec_${'A'.repeat(31)}==` }, '/secret'],
      [{ ...signing, type: 'oauth2' }, '/type'],
      [{ ...signing, type: 'mutual_tls' }, '/type'],
    ];
    for (const [json, pointer] of cases) {
      const answer = await create(json);
      expect(answer, `${JSON.stringify(json)}`).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    }
    expect(await create({ ...signing, type: 'oauth2' })).toMatchObject({
      body: { errors: [{ detail: expect.stringContaining('"access_token", "basic", "webhook_signing"') }] },
    });
    expect((await account.call('GET', '/credentials')).body).toMatchObject({ items: [] });
  });

  test('replaced, the secret may stay; where it would go somewhere new it must be given again', async () => {
    const made = await create(token);
    const path = `/credentials/${made.body['id']}`;
    const { token: _, ...without } = token;
    const put = (json: object) => account.call('PUT', path, { json });
    expect(await put({ ...without, name: 'Renamed' })).toMatchObject({ status: 200, body: { name: 'Renamed' } });
    for (const change of [
      { origins: [...origins, 'https://evil.example'] },
      { header: 'X-Other' },
      { parameter: 'k' },
    ]) {
      expect(await put({ ...without, ...change })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/token' }] },
      });
    }
    expect((await put({ ...token, origins: ['https://new.example'] })).status).toBe(200);
    expect(await put({ ...basic })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/type' }] } });
  });

  test('a stale version is refused; another account finds nothing', async () => {
    const made = await create(token);
    const path = `/credentials/${made.body['id']}`;
    const stale = await account.call('PUT', path, { json: token, headers: { 'if-match': '"7"' } });
    expect(stale.status).toBe(412);
    const stranger = await server.account();
    expect((await stranger.call('GET', path)).status).toBe(404);
    expect((await stranger.call('PUT', path, { json: token })).status).toBe(404);
    expect((await stranger.call('DELETE', path)).status).toBe(404);
    expect((await account.call('DELETE', path)).status).toBe(204);
  });

  test('a consumer credential takes none of their fields', async () => {
    const consumers = { name: 'C', type: 'consumer_authentication', origins, identity_provider_id: 'idp', scope: 'x' };
    expect(await create({ ...consumers, token: 'x' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/token' }] },
    });
  });

  test('LP-22 are attached by name; of a type that cannot serve the integration, the bot is warned about', async () => {
    await account.create('/credentials', { ...token, import_id: 'i-7' });
    await account.create('/credentials', signing);
    const bot = (type: string, credential: string) => ({
      ...greeter(),
      integrations: [
        {
          id: 'i',
          name: 'I',
          description: 'do it',
          type,
          method: 'POST',
          url: 'https://api.example/f',
          response_variable: 'i',
          credential,
        },
      ],
    });
    const warnings = async (type: string, credential: string) =>
      (await account.call('POST', '/bots', { json: bot(type, credential) })).body['warnings'];
    for (const [type, credential] of [
      ['api', 'Token'],
      ['api', 'i-7'],
      ['file', 'import:i-7'],
      ['function', 'Signing'],
    ] as const)
      expect(await warnings(type, credential), `${type} ${credential}`).not.toContainEqual(
        expect.objectContaining({ message: expect.stringContaining('webhook_signing') }),
      );
    for (const [type, credential] of [
      ['api', 'Signing'],
      ['function', 'Token'],
      ['function', 'i-7'],
    ] as const)
      expect(await warnings(type, credential)).toContainEqual({
        severity: 'warning',
        path: '/integrations/0/credential',
        message: expect.stringContaining('webhook_signing'),
      });
  });
});
