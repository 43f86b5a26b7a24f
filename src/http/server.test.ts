import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshStore, startTestServer, type TestServer } from './server.test-parts.ts';

interface Operation {
  operationId?: string;
  security?: object[];
  responses: object;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('every answer', () => {
  test('carries the constant security headers and an id, refusals too', async () => {
    for (const path of ['/healthz', '/nowhere', '/v1/accounts/acc_x', '/%zz']) {
      const { headers } = await server.call('GET', path);
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
    expect((await server.call('GET', '/healthz')).headers['x-request-id']).toMatch(/^req_/);
  });

  test('a path that has other methods is 405 and names them; any other is 404', async () => {
    const wrong = await server.call('PATCH', '/v1/accounts/acc_x/bots/bot_x', { json: {} });
    expect(wrong).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed' },
      headers: { allow: 'DELETE, GET, HEAD, PUT' },
    });
    expect(await server.call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('a path that cannot be read is 400 and says what is wrong with it', async () => {
    for (const [path, detail] of [
      ['/%zz', 'must be UTF-8, percent-encoded'],
      ['/v1/conversations/%ff/events', 'must be UTF-8, percent-encoded'],
      [`/v1/accounts/acc_x/bots/${'a'.repeat(200)}`, 'has an id that is longer than any'],
    ] as const)
      expect(await server.call('GET', path), path).toMatchObject({
        status: 400,
        headers: { 'x-request-id': expect.stringMatching(/^req_/) },
        body: { code: 'invalid_body', errors: [{ pointer: 'path', detail }] },
      });
  });
});

describe('a browser where nothing is', () => {
  test('gets a page without scripts that repeats nothing; a program gets a problem', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    for (const path of ['/', '/nowhere?<script>', '/chat/bot_nope', '/chat/<script>']) {
      const page = await server.call('GET', path, { headers: { accept } });
      expect(page, path).toMatchObject({
        status: 404,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': expect.not.stringContaining('script-src'),
          'x-content-type-options': 'nosniff',
        },
      });
      expect(page.text).toContain('<h1>');
      expect(page.text).not.toMatch(/<script|bot_nope|nowhere/);
      const problem = await server.call('GET', path, { headers: { accept: '*/*' } });
      expect(problem, path).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    for (const path of [
      '/chat/%ff',
      `/chat/${'a'.repeat(200)}`,
      '/sign-in/%ff',
      `/sign-in/${'a'.repeat(200)}`,
      '/%zz',
    ]) {
      const page = await server.call('GET', path, { headers: { accept } });
      expect([page.status, page.headers['content-type']], path).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.text).toContain('<h1>');
    }
    const german = await server.call('GET', '/', { headers: { accept, 'accept-language': 'de-AT' } });
    expect(german.text).toMatch(/<html lang="de">.*Jeder Chat hat/s);
    expect(await server.call('GET', '/v1/nothing', { headers: { accept } })).toMatchObject({
      body: { code: 'not_found' },
    });
  });
});

describe('operations', () => {
  test('OP-08: ready while the own database answers; a missing jail only shows', async () => {
    expect(await server.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await server.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { database: 'ready', sandbox: 'unavailable' } },
    });
  });

  test('OP-08: not ready without the database, alive all the same', async () => {
    const db = await freshStore();
    const other = await startTestServer({ db });
    await db.close();
    expect(await other.call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { checks: { database: 'unavailable' } },
    });
    expect((await other.call('GET', '/healthz')).status).toBe(200);
    await other.app.close();
  });

  test('metrics name route templates, never ids', async () => {
    await server.call('GET', '/v1/accounts/acc_secretlooking');
    const { text } = await server.call('GET', '/metrics');
    expect(text).toContain('route="/v1/accounts/:account_id",status="401"');
    expect(text).not.toContain('secretlooking');
  });
});

describe('openapi', () => {
  test('is OpenAPI 3.1 with named schemas, every reference leads somewhere, every route is there', async () => {
    const { status, body, text } = await server.call('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://localhost:4300' }] });
    const { components, paths } = JSON.parse(text);
    const refs = [...text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
    expect(refs.length).toBeGreaterThan(50);
    for (const [, kind, name] of refs) expect(components[String(kind)], String(name)).toHaveProperty(String(name));
    for (const name of ['Bot', 'Credential', 'IdentityProvider', 'Problem', 'MessageEvent', 'ConversationStart']) {
      expect(components.schemas).toHaveProperty(name);
    }
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/conversations/{id}/events',
        '/v1/accounts/{account_id}/bots/import',
        '/v1/accounts/{account_id}/audit',
      ]),
    );
  });

  test('every operation has a name of its own, and the problems it can answer with by their status', async () => {
    const { text } = await server.call('GET', '/openapi.json');
    const paths: Record<string, Record<string, Operation>> = JSON.parse(text).paths;
    const every = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
    const ids = every.map(({ operationId }) => operationId);
    for (const { path, method, operationId } of every)
      expect(operationId, `${method} ${path}`).toMatch(/^[a-z][A-Za-z]+$/);
    expect(new Set(ids).size).toBe(ids.length);
    const of = (id: string) => every.find(({ operationId }) => operationId === id);
    for (const id of ['isAlive', 'isReady', 'readMetrics', 'openConversation', 'showSignIn'])
      expect(of(id)?.security).toEqual([]);
    expect(of('createBot')?.responses).toMatchObject({ 422: { $ref: '#/components/responses/Unprocessable' } });
    const problems = (id: string) => Object.keys(of(id)?.responses ?? {}).filter((status) => !status.startsWith('2'));
    expect(problems('replaceCredential').join(' ')).toBe('400 401 403 404 409 412 413 415 422 429 default');
    expect(problems('sendMessage').join(' ')).toBe('400 401 404 409 413 415 429 default');
    expect(problems('isReady').join(' ')).toBe('default');
    const html = every
      .filter(({ responses }) => JSON.stringify(responses).includes('text/html'))
      .map(({ path }) => path);
    expect(html).toEqual(
      expect.arrayContaining(['/sign-in/{link}', '/callback/{account_id}/{credential_id}', '/chat/{bot_id}']),
    );
  });

  test('the JSON Schema of bots is served', async () => {
    expect((await server.call('GET', '/schemas/bot.json')).body).toMatchObject({
      title: 'Errand bot document',
      type: 'object',
    });
  });
});

describe('the hosted chat', () => {
  test('is a page without inline code, that nobody can frame', async () => {
    const bot = await server.publishedBot(await server.account());
    const page = await server.call('GET', `/chat/${bot}`, { headers: { 'accept-language': 'de-AT,de;q=0.9' } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self'.*frame-ancestors 'none'/);
    expect(page.text).toContain(`data-bot-id="${bot}" data-bot-name="Greeter" data-locale="de-AT"`);
    expect(page.text).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    expect(page.text).toContain('nicht gebaut. Wer ihn betreibt, baut sie mit „npm run build:web“');
    expect((await server.call('GET', '/chat/bot_unknown')).status).toBe(404);
  });
});
