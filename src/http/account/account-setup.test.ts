import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabases } from '../../store/test-database.ts';
import { adminKey, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

describe.each(await testDatabases())('setting up a bot over HTTP alone, on $kind', ({ open }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ db: await open() });
  });
  afterAll(() => server.close());

  test('an account is created with the admin key, and its API key opens it', async () => {
    const created = await server.call('POST', '/v1/accounts', { token: adminKey, json: { name: 'Brand' } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^acc_/),
      api_key: expect.stringMatching(/^errand_/),
    });
    const { id, api_key } = created.body;
    const read = await server.call('GET', `/v1/accounts/${id}`, { token: String(api_key) });
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({ id, name: 'Brand' });
  });

  test("an account's key is valid and creates no account", async () => {
    const { key } = await server.account();
    const create = (token: string) => server.call('POST', '/v1/accounts', { token, json: { name: 'Brand' } });
    expect(await create(key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await create(`${key}x`)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  test('a bot is created, published, changed, published again and rolled back', async () => {
    const account = await server.account();
    const created = await account.call('POST', '/bots', { json: greeter() });
    expect(created.status).toBe(201);
    expect(created.headers['etag']).toBe('"1"');
    const id = String(created.body['id']);
    expect(created.body).toMatchObject({
      chat_url: `http://localhost:4300/chat/${id}`,
      published_version: null,
      embed_origins: [],
    });
    expect(await account.call('POST', `/bots/${id}/publish`)).toMatchObject({
      status: 201,
      body: { number: 1, published: true },
    });
    const changed = {
      document: { ...greeter(), description: 'now with words' },
      embed_origins: ['https://shop.example'],
    };
    expect(await account.call('PUT', `/bots/${id}`, { json: changed })).toMatchObject({
      status: 200,
      body: {
        embed_origins: ['https://shop.example'],
        published_version: 1,
        document: { description: 'now with words' },
      },
    });
    expect(await account.call('POST', `/bots/${id}/publish`, { json: {} })).toMatchObject({
      status: 201,
      body: { number: 2 },
    });
    expect(await account.call('POST', `/bots/${id}/rollback`, { json: { version: 1 } })).toMatchObject({
      status: 201,
      body: { number: 1 },
    });
    const versions = await account.call('GET', `/bots/${id}/versions`);
    expect(versions.body).toMatchObject({
      items: [
        { number: 2, published: false },
        { number: 1, published: true },
      ],
      next: null,
    });
    expect((await account.call('GET', `/bots/${id}/versions/2`)).body).toMatchObject({
      document: { description: 'now with words' },
    });
    expect((await account.call('GET', '/bots')).body).toMatchObject({ items: [{ id, published_version: 1 }] });
  });

  test('ETag and If-Match: a change of what somebody else changed is refused', async () => {
    const account = await server.account();
    const id = await account.create('/environments', { name: 'live', variables: { brand: 'https://brand.example' } });
    const put = (etag: string) =>
      account.call('PUT', `/environments/${id}`, {
        json: { name: 'live', variables: {} },
        headers: { 'if-match': etag },
      });
    expect((await put('"1"')).status).toBe(200);
    expect(await put('"1"')).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect(await put('something')).toMatchObject({ status: 412 });
    const gone = await account.call('DELETE', `/environments/${id}`, { headers: { 'if-match': '"2"' } });
    expect(gone.status).toBe(204);
    expect((await account.call('GET', `/environments/${id}`)).status).toBe(404);
  });

  test('If-None-Match: what the caller has already is not sent again', async () => {
    const account = await server.account();
    const id = await account.create('/environments', { name: 'live', variables: {} });
    const get = (tag: string) => account.call('GET', `/environments/${id}`, { headers: { 'if-none-match': tag } });
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*'])
      expect(await get(tag), tag).toMatchObject({ status: 304, text: '', headers: { etag: '"1"' } });
    await account.call('PUT', `/environments/${id}`, { json: { name: 'live', variables: { brand: 'x' } } });
    expect(await get('"1"')).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { variables: { brand: 'x' } },
    });
    const bot = await account.create('/bots', greeter());
    const headers = { 'if-none-match': '"1"' };
    // Its warnings may have changed with the account's credentials.
    expect((await account.call('GET', `/bots/${bot}`, { headers })).status).toBe(200);
  });

  test('a list comes in pages', async () => {
    const account = await server.account();
    for (const name of ['a', 'b', 'c']) await account.create('/environments', { name, variables: {} });
    const first = await account.call('GET', '/environments?limit=2');
    const second = await account.call('GET', `/environments?limit=2&after=${first.body['next']}`);
    expect(second.body['next']).toBeNull();
    const names = [first, second].flatMap(({ text }) => [...text.matchAll(/"name":"(\w)"/g)].map(([, name]) => name));
    expect(names.sort()).toEqual(['a', 'b', 'c']);
    expect(await account.call('GET', '/environments?limit=201')).toMatchObject({
      status: 400,
      body: { code: 'invalid_body' },
    });
    expect(await account.call('GET', '/environments?after=x')).toMatchObject({ status: 400 });
  });

  test('every write is in the audit, in a chain that holds', async () => {
    const account = await server.account();
    await server.publishedBot(account);
    const { body } = await account.call('GET', '/audit');
    expect(body).toMatchObject({
      items: [
        { seq: 3, action: 'bot.published', actor: expect.stringMatching(/^key:/) },
        { seq: 2, action: 'bot.created' },
        { seq: 1, action: 'account.created', actor: 'admin' },
      ],
    });
    expect((await account.call('GET', '/audit/verify')).body).toMatchObject({ intact: true, entries: 3 });
  });

  test('a document with errors is refused with the path of each', async () => {
    const account = await server.account();
    const broken = {
      ...greeter(),
      dialogs: [
        {
          id: 'd1',
          name: 'D',
          type: 'standard',
          interactions: [{ id: 'i', name: 'n', type: 'integration', integration: 'Nowhere' }],
        },
      ],
    };
    const answer = await account.call('POST', '/bots', { json: broken });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(answer.body['errors']).toContainEqual(
      expect.objectContaining({ pointer: expect.stringMatching(/^\/dialogs\/0\/interactions\/0/) }),
    );
    expect((await account.call('GET', '/bots')).body).toMatchObject({ items: [] });
  });
});
