import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemStatus } from '../world/problem.ts';
import {
  type Account,
  type Answer,
  adminKey,
  greeter,
  isObject,
  startTestServer,
  type TestServer,
} from './server.test-parts.ts';

/** One endpoint with a request that works, taken apart by every test below. */
interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  token?: string;
  json?: Record<string, unknown>;
  /** Its own faults are 422: what a document is allowed to be is not the schema's business. */
  takesDocument?: boolean;
  /** Takes as much as a document has. */
  takesMuch?: boolean;
}

let server: TestServer;
let account: Account;
let stranger: Account;
let endpoints: Endpoint[];
let paths: Record<string, Record<string, { responses: object }>>;

beforeAll(async () => {
  server = await startTestServer({
    config: { rateLimits: { conversations: 1e6, messages: 1e6, consumer: 1e6, account: 1e6, trials: 1e6 } },
  });
  account = await server.account();
  stranger = await server.account();
  endpoints = await everyEndpoint();
  paths = JSON.parse((await server.call('GET', '/openapi.json')).text).paths;
});
afterAll(() => server.close());

const provider = {
  name: 'Login',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  client_id: 'errand',
  client_secret: 'shown-to-nobody',
};

/** Goes nowhere. */
const blocked = {
  id: 'i',
  name: 'Look',
  type: 'api',
  method: 'GET',
  url: 'http://127.0.0.1:1/',
  response_variable: 'Look',
};

async function everyEndpoint(): Promise<Endpoint[]> {
  const idp = await account.create('/identity-providers', provider);
  const credential = {
    name: 'Sign-in',
    type: 'consumer_authentication',
    identity_provider_id: idp,
    scope: 'orders.read',
    origins: ['https://api.example'],
  };
  const cred = await account.create('/credentials', credential);
  const environment = { name: 'live', variables: { brand: 'x' } };
  const env = await account.create('/environments', environment);
  const bot = await server.publishedBot(account);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const token = String(body['session_token']);
  const chat = `/v1/conversations/${body['conversation_id']}`;
  const own = `/v1/accounts/${account.id}`;
  const { key } = account;
  const read = (path: string): Endpoint => ({ method: 'GET', url: `${own}${path}`, token: key });
  const write = (method: 'POST' | 'PUT', path: string, json: Record<string, unknown>): Endpoint => ({
    method,
    url: `${own}${path}`,
    token: key,
    json,
  });
  return [
    { method: 'POST', url: '/v1/accounts', token: adminKey, json: { name: 'Another' } },
    ...[
      '',
      '/identity-providers',
      '/credentials',
      '/environments',
      '/bots',
      '/conversations',
      '/connections',
      '/audit',
      '/audit/verify',
    ].map(read),
    ...[`/identity-providers/${idp}`, `/credentials/${cred}`, `/environments/${env}`, `/bots/${bot}`].map(read),
    ...[
      `/bots/${bot}/versions`,
      `/bots/${bot}/versions/1`,
      `${chat.slice(3)}`,
      `${chat.slice(3)}/trace`,
      `${chat.slice(3)}/script`,
    ].map(read),
    write('POST', '/identity-providers', { ...provider, name: 'Second' }),
    write('PUT', `/identity-providers/${idp}`, provider),
    write('POST', '/credentials', { ...credential, name: 'Second' }),
    write('PUT', `/credentials/${cred}`, credential),
    write('POST', '/environments', { ...environment, name: 'second' }),
    write('PUT', `/environments/${env}`, environment),
    { ...write('POST', '/bots', { document: greeter(), name: 'Named' }), takesDocument: true },
    { ...write('PUT', `/bots/${bot}`, { document: greeter(), embed_origins: [] }), takesDocument: true },
    { ...write('POST', '/bots/import', greeter()), takesDocument: true },
    {
      ...write('POST', '/integrations/import', { curl: 'curl https://api.example/orders', name: 'Orders' }),
      takesMuch: true,
    },
    { ...write('POST', '/integrations/test', { integration: blocked, variables: {}, confirm: true }), takesMuch: true },
    { ...write('POST', `/bots/${bot}/integrations/test`, { integration: blocked, confirm: false }), takesMuch: true },
    write('POST', `${chat.slice(3)}/messages`, { text: 'Hello' }),
    write('POST', `${chat.slice(3)}/transfer`, { status: 'ended', message: 'Bye' }),
    write('POST', `/bots/${bot}/publish`, {}),
    write('POST', `/bots/${bot}/rollback`, { version: 1 }),
    { method: 'DELETE', url: `${own}/connections/conn_none`, token: key },
    { method: 'POST', url: `/v1/bots/${bot}/conversations`, json: { channel: 'web', locale: 'en' } },
    { method: 'POST', url: `${chat}/messages`, token, json: { id: 'm1', text: 'hi' } },
    { method: 'POST', url: `${chat}/messages`, token, json: { id: 'm2', postback: 'p', label: 'l' } },
    { method: 'GET', url: `${chat}/events`, token },
    { method: 'GET', url: `${chat}/connections`, token },
    { method: 'DELETE', url: `${chat}/connections/conn_none`, token },
    { method: 'PUT', url: `${chat}/sign-in`, token, json: { sign_in: { id_token: 'x.y.z' } } },
    { method: 'POST', url: `${chat}/sign-ins/att_none/cancel`, token, json: {} },
    { method: 'POST', url: `${chat}/sign-ins/att_none/renew`, token, json: {} },
    { method: 'POST', url: `${chat}/close`, token, json: {} },
  ];
}

/** Statuses that the OpenAPI document names for the endpoint. */
function documentedFor(method: string, url: string): string[] {
  const path = url.split('?')[0] ?? '';
  const fits = (template: string) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  // A concrete path comes before one with a parameter in its place.
  const [, methods] =
    Object.entries(paths)
      .filter(([template]) => fits(template))
      .sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return Object.keys(methods?.[method.toLowerCase()]?.responses ?? {});
}

/** The whole database: what a refused request must leave as it was. */
async function everything(): Promise<string> {
  const tables = await server.db.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
  );
  const rows = [];
  for (const { name } of tables) rows.push([name, await server.db.all(`SELECT * FROM "${name}" ORDER BY 1, 2`)]);
  return JSON.stringify(rows);
}

async function expectRefused(
  endpoint: Endpoint,
  change: Partial<Endpoint> & { headers?: Record<string, string>; raw?: string },
  codes: string[],
): Promise<Answer> {
  const { method, url, token, json, headers, raw } = { ...endpoint, ...change };
  const answer = await server.call(method, url, {
    ...(token === undefined ? {} : { token }),
    ...(raw === undefined ? (json === undefined ? {} : { json }) : { json: raw }),
    ...(headers === undefined ? {} : { headers }),
  });
  const what = `${method} ${url} ${JSON.stringify(change).slice(0, 300)} → ${answer.text.slice(0, 300)}`;
  expect(codes, what).toContain(answer.body['code']);
  expect(documentedFor(method, url), what).toContain(String(answer.status));
  const status = Object.entries(problemStatus).find(([code]) => code === answer.body['code'])?.[1];
  expect(answer.status, what).toBe(status);
  expect(answer.headers['content-type'], what).toContain('application/problem+json');
  expect(answer.body, what).toMatchObject({
    type: `urn:errand:problem:${answer.body['code']}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });
  return answer;
}

/** Whether anything in the database is another than before, after all these were tried. */
async function changedBy(
  kind: (endpoint: Endpoint) => boolean,
  check: (endpoint: Endpoint) => Promise<void>,
): Promise<boolean> {
  const before = await everything();
  for (const endpoint of endpoints.filter(kind)) await check(endpoint);
  return (await everything()) !== before;
}

const withBody = ({ json }: Endpoint) => json !== undefined;
const badBody = ({ takesDocument }: Endpoint) =>
  takesDocument ? ['invalid_body', 'invalid_document'] : ['invalid_body'];

describe('every endpoint refuses bad input with the documented problem, and nothing changes', () => {
  test('the list is complete: every /v1 route of the OpenAPI document is in it', async () => {
    const { body } = await server.call('GET', '/openapi.json');
    const documented = Object.entries(isObject(body['paths']) ? body['paths'] : {})
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, methods]) =>
        Object.keys(isObject(methods) ? methods : {}).map((method) => ({ method: method.toUpperCase(), path })),
      )
      .filter(({ method }) => method !== 'HEAD');
    const fuzzed = (method: string, path: string) => {
      const shape = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
      return endpoints.some((endpoint) => endpoint.method === method && shape.test(endpoint.url));
    };
    const deleted = /^\/v1\/accounts\/\{account_id\}\/(identity-providers|credentials|environments|bots)\/\{id\}$/; // as the others' bodiless ones
    const itself = '/v1/conversations/{id}/files'; // its body is no JSON: see files.test.ts
    const missing = documented.filter(
      ({ method, path }) => !fuzzed(method, path) && path !== itself && !(method === 'DELETE' && deleted.test(path)),
    );
    expect(documented.length).toBeGreaterThan(35);
    expect(missing).toEqual([]);
  });

  test('TN-05: unknown fields, those of rows and prototypes included', async () => {
    const changed = await changedBy(withBody, async (endpoint) => {
      for (const field of [
        'orgId',
        'account_id',
        'role',
        'owner',
        'public',
        'id_',
        'created_at',
        'version_',
        'constructor',
        'toString',
      ]) {
        await expectRefused(endpoint, { json: { ...endpoint.json, [field]: 'x' } }, badBody(endpoint));
      }
      const raw = JSON.stringify(endpoint.json).replace(/^\{/, '{"__proto__":{"admin":true},').replace(',}', '}');
      await expectRefused(endpoint, { raw }, ['invalid_body']);
    });
    expect(changed).toBe(false);
  });

  test('LD-08: wrong types for each field, and bodies that are no object', async () => {
    const changed = await changedBy(withBody, async (endpoint) => {
      for (const raw of ['null', '[]', '"text"', '12', 'true', '{', '{"a":}', '['.repeat(30_000)]) {
        await expectRefused(endpoint, { raw }, badBody(endpoint));
      }
      for (const field of Object.keys(endpoint.json ?? {})) {
        for (const wrong of [null, [], {}, [[]], 1.5, -1, true, '', 'x'.repeat(30_000), '\u0000']) {
          if (couldBeRight(endpoint, field, wrong)) continue;
          await expectRefused(endpoint, { json: { ...endpoint.json, [field]: wrong } }, badBody(endpoint));
        }
      }
    });
    expect(changed).toBe(false);
  });

  test('LD-09: wrong content types, so that no handler runs', async () => {
    const changed = await changedBy(withBody, async (endpoint) => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/jsonx',
        'json',
        '',
      ]) {
        await expectRefused(endpoint, { headers: { 'content-type': type } }, ['unsupported_media_type']);
      }
    });
    expect(changed).toBe(false);
  });

  test('LD-04: bodies over the limit', async () => {
    const changed = await changedBy(withBody, async (endpoint) => {
      const limit = endpoint.takesDocument || endpoint.takesMuch ? 5 * 1024 * 1024 : 64 * 1024;
      const raw = `{"x":"${'y'.repeat(limit - 7)}"}`;
      await expectRefused(endpoint, { raw }, ['body_too_large']);
      await expectRefused(endpoint, { raw: raw.slice(0, -3).concat('"}') }, badBody(endpoint));
    });
    expect(changed).toBe(false);
  });

  test('unknown parameters in the URL', async () => {
    const changed = await changedBy(
      () => true,
      async (endpoint) => {
        await expectRefused(endpoint, { url: `${endpoint.url}?access_token=x` }, ['invalid_body']);
        await expectRefused(endpoint, { url: `${endpoint.url}?__proto__=x` }, ['invalid_body']);
      },
    );
    expect(changed).toBe(false);
  });

  test('TN-07: no token, a wrong one, one of another kind', async () => {
    const changed = await changedBy(
      ({ token }) => token !== undefined,
      async (endpoint) => {
        const { token: _token, ...without } = endpoint;
        await expectRefused(without, {}, ['unauthorized']);
        for (const token of [
          'x',
          'null',
          'undefined',
          `${endpoint.token}x`,
          `${endpoint.token}`.slice(0, -1),
          'y'.repeat(5_000),
        ]) {
          await expectRefused(endpoint, { token }, ['unauthorized']);
        }
        for (const authorization of ['', 'Bearer ', `Basic ${endpoint.token}`, `${endpoint.token}`]) {
          await expectRefused(without, { headers: { authorization } }, ['unauthorized']);
        }
      },
    );
    expect(changed).toBe(false);
  });

  test("TN-01: another account's key finds nothing here, and this key nothing there", async () => {
    const changed = await changedBy(
      ({ url }) => url.startsWith('/v1/accounts/'),
      async (endpoint) => {
        await expectRefused(endpoint, { token: stranger.key }, ['not_found']);
        const own = `/v1/accounts/${stranger.id}`;
        await expectRefused(endpoint, { url: endpoint.url.replace(/^\/v1\/accounts\/[^/]+/, own) }, ['not_found']);
        const collection =
          /^\/v1\/accounts\/[^/]+(\/[a-z-]+)?$|^\/v1\/accounts\/[^/]+\/integrations\/(import|test)$|\/bots\/import$|\/audit\/verify$/.test(
            endpoint.url,
          );
        if (collection) return;
        // The stranger's own path and key with this account's resource.
        const url = endpoint.url.replace(/^\/v1\/accounts\/[^/]+/, own);
        await expectRefused(endpoint, { url, token: stranger.key }, ['not_found']);
      },
    );
    expect(changed).toBe(false);
  });

  test('XS-10: writes from pages of other sites', async () => {
    const changed = await changedBy(
      ({ method, url }) => method !== 'GET' && url.startsWith('/v1/accounts'),
      async (endpoint) => {
        for (const site of ['cross-site', 'same-site'])
          await expectRefused(endpoint, { headers: { 'sec-fetch-site': site } }, ['forbidden']);
        const headers = { 'x-http-method-override': 'DELETE', 'content-type': 'text/plain' };
        if (endpoint.json) await expectRefused(endpoint, { headers }, ['unsupported_media_type']);
      },
    );
    expect(changed).toBe(false);
  });

  test('ids that no id can be', async () => {
    const changed = await changedBy(
      ({ url }) => /_[0-9a-z]{10,}/.test(url),
      async (endpoint) => {
        for (const id of ['%00', '..%2f..', '%27%20OR%201=1', '*', 'x'.repeat(90), '%F0%9F%98%80']) {
          await expectRefused(endpoint, { url: endpoint.url.replace(/[a-z]+_[0-9a-z]{10,}/, id) }, [
            'not_found',
            'invalid_body',
            'unauthorized',
          ]);
        }
      },
    );
    expect(changed).toBe(false);
  });
});

/** Values among the wrong ones that this field may have. */
function couldBeRight({ url }: Endpoint, field: string, value: unknown): boolean {
  const may: Record<string, (value: unknown) => boolean> = {
    embed_origins: (v) => Array.isArray(v) && v.length === 0,
    variables: (v) => isObject(v),
    confirm: (v) => v === true,
    integrations: (v) => Array.isArray(v) && v.length === 0,
    dialogs: (v) => Array.isArray(v) && v.length === 0,
    text: (v) => v === '\u0000',
    postback: (v) => v === '\u0000',
    label: (v) => v === '\u0000',
    message: (v) => v === '\u0000',
  };
  if (url.endsWith('/import') && field === 'name' && value === '\u0000') return true;
  return may[field]?.(value) ?? false;
}
