import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrand, type Brand } from '../demo/brand/start-brand.ts';
import { openAccount, type Outsider } from './support/outsider.ts';
import { managedBot, recipeExport } from './support/outsider-bots.ts';
import { expectProblem } from './support/problem.ts';
import { type ServerProcess, startServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let brand: Brand;
let mine: Outsider;
let other: Outsider;

beforeAll(async () => {
  brand = await startBrand({ port: 0 });
  server = await startServerProcess({ egressAllow: [new URL(brand.url).host] });
  mine = await openAccount(server, 'Mine');
  other = await openAccount(server, 'Other');
});
afterAll(async () => {
  await server.stopAndForget();
  await brand.stop();
});

const byHand = () => ({
  name: 'By hand',
  authorization_endpoint: `${brand.url}/auth`,
  token_endpoint: `${brand.url}/token`,
  public_key: 'CONSUMER_DELEGATION',
  client_id: 'errand',
  client_secret: 'only-ever-written',
});
const recipe = (more: object = {}) => ({
  name: `Recipe ${Math.random()}`,
  type: 'consumer_authentication',
  authentication_url: `${brand.url}/auth?client_id=errand&response_type=code&scope=orders.read`,
  origins: [brand.url],
  ...more,
});

describe('accounts', () => {
  test('the admin key makes them; others do not', async () => {
    expect([mine.accountId, mine.apiKey]).toEqual([expect.any(String), expect.any(String)]);
    const post = (key: string) =>
      fetch(`${server.url}/v1/accounts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
        body: '{"name":"More"}',
      });
    await expectProblem(await post(mine.apiKey), 403, 'forbidden');
    for (const key of ['', 'wrong', `${server.adminKey}x`]) await expectProblem(await post(key), 401, 'unauthorized');
  });
});

/** What the server says to a body of that size before any of it is sent. */
function declaring(path: string, bytes: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const headers = {
    authorization: `Bearer ${mine.apiKey}`,
    'content-type': 'application/json',
    'content-length': bytes,
  };
  const outgoing = request(`${server.url}/v1/accounts/${mine.accountId}${path}`, { method: 'POST', headers });
  outgoing.on('response', (answer) => resolve(json(answer).finally(() => outgoing.destroy())));
  outgoing.on('error', reject);
  outgoing.flushHeaders();
  return promise;
}

describe('resources', () => {
  test('TN-02: POST 201 with the resource, GET, PUT, DELETE; ETag and If-Match; another account finds nothing', async () => {
    const made = await mine.call('POST /environments', { name: 'live', variables: { brand: 'a' } });
    expect(made.status).toBe(201);
    const { id, ...shown } = await made.json();
    expect(shown).toMatchObject({ name: 'live', variables: { brand: 'a' } });
    const at = `/environments/${id}`;
    const read = await mine.call(`GET ${at}`);
    const tag = read.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"/);
    expect(made.headers.get('etag')).toBe(tag);
    for (const method of ['GET', 'PUT', 'DELETE'])
      await expectProblem(
        await other.call(`${method} ${at}`, method === 'PUT' ? { name: 'live', variables: {} } : undefined),
        404,
        'not_found',
      );
    const changed = await mine.call(`PUT ${at}`, { name: 'live', variables: { brand: 'b' } }, { 'if-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
    const late = { name: 'live', variables: { brand: 'c' } };
    await expectProblem(await mine.call(`PUT ${at}`, late, { 'if-match': tag }), 412, 'precondition_failed');
    await expectProblem(await mine.call(`DELETE ${at}`, undefined, { 'if-match': tag }), 412, 'precondition_failed');
    expect(await mine.read(at)).toMatchObject({ variables: { brand: 'b' } });
    expect((await mine.call(`DELETE ${at}`)).status).toBe(204);
    await expectProblem(await mine.call(`GET ${at}`), 404, 'not_found');
  });

  test('lists are items and next, page by page', async () => {
    for (const n of [1, 2, 3]) await mine.make('/environments', { name: `page ${n}`, variables: {} });
    const first = await mine.read('/environments?limit=2');
    expect(Object.keys(first).sort()).toEqual(['items', 'next']);
    expect(first['items']).toHaveLength(2);
    const rest = await mine.read(`/environments?limit=2&after=${first['next']}`);
    expect(rest).toMatchObject({ items: [{ name: expect.any(String) }], next: null });
    for (const path of ['/bots', '/credentials', '/identity-providers', '/conversations', '/connections', '/audit'])
      expect(await mine.read(path)).toMatchObject({ items: expect.any(Array) });
    await expectProblem(await mine.call('GET /environments?limit=201'), 400, 'invalid_body');
  });

  test('every path of another account is not there, and a key is needed', async () => {
    for (const path of [
      '/bots',
      '/credentials',
      '/identity-providers',
      '/conversations',
      '/connections',
      '/audit',
      '/environments',
    ]) {
      const url = `${server.url}/v1/accounts/${mine.accountId}${path}`;
      expect(await expectProblem(await fetch(url), 401, 'unauthorized')).toEqual([]);
      await expectProblem(await fetch(url, { headers: { authorization: `Bearer ${other.apiKey}` } }), 404, 'not_found');
      await expectProblem(await fetch(`${url}?key=${mine.apiKey}`), 401, 'unauthorized');
    }
  });

  test.each(['/bots', '/credentials', '/identity-providers', '/environments'])(
    'LD-09: bad bodies at %s',
    async (path) => {
      const before = await mine.list(path);
      const send = (body: string, type: string) =>
        fetch(`${server.url}/v1/accounts/${mine.accountId}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${mine.apiKey}`, 'content-type': type },
          body,
        });
      await expectProblem(await send('{', 'application/json'), 400, 'invalid_body');
      await expectProblem(await send('name=a', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
      await expectProblem(await send('{}', 'text/plain'), 415, 'unsupported_media_type');
      expect(await declaring(path, 6_000_000)).toMatchObject({ status: 413, code: 'body_too_large' });
      const odd = await send('{"name":"a","unknown":1}', 'application/json');
      expect([
        [400, 'invalid_body'],
        [422, 'invalid_document'],
      ]).toContainEqual([odd.status, (await odd.json()).code]);
      expect(await mine.list(path)).toEqual(before);
    },
  );
});

describe('identity providers', () => {
  test('by discovery and by hand; the secret is never shown; S256 is the default', async () => {
    const found = await mine.make('/identity-providers', {
      name: 'Found',
      issuer: brand.url,
      client_id: 'other-client',
      client_secret: 'only-ever-written',
    });
    const made = await mine.make('/identity-providers', byHand());
    for (const shown of [found, made]) {
      expect(shown).toMatchObject({ pkce: 'S256', has_client_secret: true });
      expect(JSON.stringify([shown, await mine.read(`/identity-providers/${shown.id}`)])).not.toContain('only-ever');
    }
    expect(made['public_key']).toBe('CONSUMER_DELEGATION');
  });

  test.each<[string, object, string]>([
    ['http to elsewhere', { token_endpoint: 'http://login.example/token' }, '/token_endpoint'],
    ['a script', { authorization_endpoint: 'javascript:alert(1)' }, '/authorization_endpoint'],
    ['a user in the URL', { token_endpoint: 'https://me:you@login.example/token' }, '/token_endpoint'],
    ['a fragment', { authorization_endpoint: 'https://login.example/auth#a' }, '/authorization_endpoint'],
    ['no token endpoint', { token_endpoint: undefined }, '/token_endpoint'],
    ['pkce plain', { pkce: 'plain' }, '/pkce'],
  ])('P12: %s is refused', async (_, change, pointer) => {
    const answer = await mine.call('POST /identity-providers', { ...byHand(), name: 'Refused', ...change });
    expect(await expectProblem(answer, 400, 'invalid_body')).toMatchObject([{ pointer }]);
  });

  test('the secret does not move to another origin unasked', async () => {
    const { id } = await mine.make('/identity-providers', { ...byHand(), name: 'Moving', client_id: 'moving' });
    const { client_secret: _, ...moved } = {
      ...byHand(),
      name: 'Moving',
      token_endpoint: 'https://evil.example/token',
    };
    const places = await expectProblem(await mine.call(`PUT /identity-providers/${id}`, moved), 400, 'invalid_body');
    expect(places).toMatchObject([{ pointer: '/client_secret' }]);
  });
});

describe('credentials', () => {
  test('P13: what Errand sets itself is taken out of the authentication URL, and the answer says so', async () => {
    const url = new URL(recipe().authentication_url);
    const ours = {
      redirect_uri: 'https://evil.example',
      redirectedCode: 'a',
      state: 'b',
      nonce: 'c',
      code_challenge: 'd',
      code_challenge_method: 'plain',
    };
    for (const [name, value] of Object.entries(ours)) url.searchParams.set(name, value);
    const made = await mine.make(
      '/credentials',
      recipe({ authentication_url: url.href, import_id: 'an-export-calls-it-so' }),
    );
    expect(made['replaced']).toEqual(Object.keys(ours));
    expect(made['authentication_url']).toBe(recipe().authentication_url);
    expect(made['import_id']).toBe('an-export-calls-it-so');
    expect(made['redirect_uri']).toBe(`${server.url}/callback/${mine.accountId}/redirectCode`);
  });

  test('the provider is the only one with the client_id: none or several are ambiguous', async () => {
    const unknown = recipe({ authentication_url: `${brand.url}/auth?client_id=nobody&scope=a` });
    await expectProblem(await mine.call('POST /credentials', unknown), 422, 'identity_provider_ambiguous');
    const twins = await openAccount(server, 'Twins');
    const make = (name: string) => twins.make('/identity-providers', { ...byHand(), name, client_id: 'twin' });
    const [first, second] = [await make('Twin 1'), await make('Twin 2')];
    const twin = recipe({ authentication_url: `${brand.url}/auth?client_id=twin&scope=a` });
    await expectProblem(await twins.call('POST /credentials', twin), 422, 'identity_provider_ambiguous');
    const named = { ...twin, identity_provider_id: first.id };
    expect(await twins.make('/credentials', named)).toMatchObject({ mode: 'recipe' });
    await expectProblem(await other.call('POST /credentials', named), 404, 'not_found');
    // Two that share the redirect URI need issuers that tell them apart.
    const both = { ...twin, name: 'Second', identity_provider_id: second.id };
    await expectProblem(await twins.call('POST /credentials', both), 422, 'identity_provider_ambiguous');
  });

  test.each<[string, object, string]>([
    [
      'an authentication URL of another origin',
      { authentication_url: 'https://evil.example/auth?client_id=errand' },
      '/authentication_url',
    ],
    ['no origins', { origins: undefined }, '/origins'],
    ['empty origins', { origins: [] }, '/origins'],
    ['an origin with a path', { origins: ['https://api.example/orders'] }, '/origins/0'],
    ['an origin with a star', { origins: ['https://*.example'] }, '/origins/0'],
    ['http to elsewhere', { origins: ['http://api.example'] }, '/origins/0'],
    ['a header that is the message', { header: 'Host' }, '/header'],
    ['a header that breaks lines', { header: 'X\r\nY' }, '/header'],
    ['another type', { type: 'oauth2' }, '/type'],
  ])('%s is refused', async (_, change, pointer) => {
    const places = await expectProblem(await mine.call('POST /credentials', recipe(change)), 400, 'invalid_body');
    expect(places).toMatchObject([{ pointer }]);
  });

  test("managed: the redirect URI is the credential's own", async () => {
    const [provider] = await mine.list('/identity-providers');
    const made = await mine.make('/credentials', {
      name: 'Managed',
      type: 'consumer_authentication',
      identity_provider_id: provider?.['id'],
      scope: 'orders.read',
      origins: [brand.url],
    });
    expect(made).toMatchObject({
      mode: 'managed',
      binding: 'code',
      redirect_uri: `${server.url}/callback/${mine.accountId}/${made.id}`,
    });
  });
});

describe('bots', () => {
  const document = () => managedBot({ brandUrl: brand.url, credential: 'Managed' });

  test('document in, the same document out; versions are immutable; publish and roll back', async () => {
    const bot = await mine.make('/bots', document());
    expect(bot['document']).toEqual(document());
    const open = () => fetch(`${server.url}/v1/bots/${bot.id}/conversations`, { method: 'POST' });
    await expectProblem(await open(), 404, 'not_found');
    expect(await mine.make(`/bots/${bot.id}/publish`, {})).toMatchObject({ number: 1 });
    expect((await open()).status).toBe(201);
    const put = await mine.call(`PUT /bots/${bot.id}`, { ...document(), name: 'Second' });
    expect(put.status).toBe(200);
    expect(await mine.make(`/bots/${bot.id}/publish`, {})).toMatchObject({ number: 2 });
    const versions = await mine.list(`/bots/${bot.id}/versions`);
    expect(versions.map(({ number, published }) => [number, published])).toEqual([
      [2, true],
      [1, false],
    ]);
    const back = await mine.call(`POST /bots/${bot.id}/rollback`, { version: 1 });
    expect(back.ok).toBe(true);
    expect(await mine.read(`/bots/${bot.id}`)).toMatchObject({ published_version: 1 });
    await expectProblem(await other.call(`POST /bots/${bot.id}/publish`, {}), 404, 'not_found');
  });

  test('a document with errors is refused with the path of each', async () => {
    const broken = structuredClone(document());
    const [dialog] = broken.dialogs;
    Object.assign(dialog?.interactions[1] ?? {}, { integration: 'Nowhere' });
    Object.assign(broken.integrations[0] ?? {}, { method: 'FETCH' });
    const places = await expectProblem(await mine.call('POST /bots', broken), 422, 'invalid_document');
    expect(places.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/integrations/0/method']));
    const dangling = structuredClone(document());
    Object.assign(dangling.dialogs[0]?.interactions[1] ?? {}, { integration: 'Nowhere' });
    expect(await expectProblem(await mine.call('POST /bots', dangling), 422, 'invalid_document')).toMatchObject([
      { pointer: '/dialogs/0/interactions/1/integration' },
    ]);
  });

  test('an export is taken by the import and wherever a document is', async () => {
    const exported = recipeExport({ brandUrl: brand.url });
    const imported = await mine.make('/bots/import', exported);
    expect(imported).toMatchObject({ bot: { id: expect.any(String) }, report: { mapped: expect.any(Array) } });
    expect(await mine.make('/bots', exported)).toMatchObject({ document: { format: 'errand.bot/1' } });
    const broken = await mine.call('POST /bots/import', { conversationMessage: 7 });
    expect(await expectProblem(broken, 422, 'invalid_document')).toMatchObject([{ pointer: '/conversationMessage' }]);
  });

  test("embed_origins: exact, and the Consumer API's CORS without credentials", async () => {
    const { id } = await mine.make('/bots', { document: document(), embed_origins: ['https://shop.example'] });
    await mine.make(`/bots/${id}/publish`, {});
    const from = (origin: string) =>
      fetch(`${server.url}/v1/bots/${id}/conversations`, { method: 'POST', headers: { origin } });
    const [allowed, refused] = [await from('https://shop.example'), await from('https://evil.example')];
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const stars = { document: document(), embed_origins: ['*'] };
    await expectProblem(await mine.call('POST /bots', stars), 400, 'invalid_body');
  });
});

test('the audit tells who did what, newest first, in a chain', async () => {
  const items = await mine.list('/audit');
  expect(items.length).toBeGreaterThan(10);
  expect(items[0]?.['at']).toMatch(/Z$/);
  expect(await mine.read('/audit/verify')).toMatchObject({ intact: true });
  await expectProblem(await mine.call('DELETE /audit'), 405, 'method_not_allowed');
});
