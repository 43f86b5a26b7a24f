import { request } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { converse } from './support/consumer.ts';
import { newDataDir } from './support/demo-process.ts';
import { openAccount } from './support/outsider.ts';
import { managedBot } from './support/outsider-bots.ts';
import { expectProblem } from './support/problem.ts';
import { type ServerProcess, startServerProcess } from './support/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(async () => await server.stopAndForget());

/** `fetch` does not let a caller choose the Host. */
function hostStatus(path: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: server.port, path, headers: { host } }, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(Buffer.from(piece));
      resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces).toString() });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('without a key', () => {
  test('healthz, readyz, metrics', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { sandbox: expect.any(String) } });
    const metrics = await fetch(`${server.url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).toMatch(/^errand_http_requests_total\{/m);
  });

  test("the OpenAPI document names every path of the contract, and the bot's JSON Schema is served", async () => {
    const { openapi, paths } = await (await fetch(`${server.url}/openapi.json`)).json();
    expect(openapi).toMatch(/^3\.1/);
    const account = '/v1/accounts/{account_id}';
    const named = [
      '/v1/bots/{bot_id}/conversations',
      ...['messages', 'events', 'close', 'connections', 'connections/{connection_id}'].map(
        (leaf) => `/v1/conversations/{id}/${leaf}`,
      ),
      ...['cancel', 'renew'].map((leaf) => `/v1/conversations/{id}/sign-ins/{attempt_id}/${leaf}`),
      '/v1/accounts',
      ...['identity-providers', 'credentials', 'bots', 'environments'].flatMap((name) => [
        `${account}/${name}`,
        `${account}/${name}/{id}`,
      ]),
      ...['bots/import', 'bots/{id}/versions', 'bots/{id}/publish', 'bots/{id}/rollback'].map(
        (leaf) => `${account}/${leaf}`,
      ),
      ...['conversations', 'conversations/{id}', 'conversations/{id}/trace', 'connections', 'audit'].map(
        (leaf) => `${account}/${leaf}`,
      ),
    ];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(named));
    const schema = await (await fetch(`${server.url}/schemas/bot.json`)).json();
    expect(schema).toMatchObject({ type: 'object', properties: { format: { const: 'errand.bot/1' } } });
  });

  test('every code of a problem is on the page that documents them', async () => {
    const page = await readFile(join(import.meta.dirname, '../docs/problems.md'), 'utf8');
    const contract = {
      invalid_body: 400,
      unauthorized: 401,
      forbidden: 403,
      not_found: 404,
      conversation_closed: 409,
      message_id_reused: 409,
      body_too_large: 413,
      unsupported_media_type: 415,
      invalid_document: 422,
      identity_provider_ambiguous: 422,
      rate_limited: 429,
      unavailable: 503,
    };
    for (const [code, status] of Object.entries(contract))
      expect(page).toMatch(new RegExp(`^\\| \`${code}\` \\| ${status} \\|`, 'm'));
  });

  test('unknown paths, methods and versions of HTTP get problem documents', async () => {
    expect(await expectProblem(await fetch(`${server.url}/nothing`), 404, 'not_found')).toEqual([]);
    await expectProblem(await fetch(`${server.url}/v1/nothing`), 404, 'not_found');
    await expectProblem(await fetch(`${server.url}/healthz`, { method: 'POST' }), 405, 'method_not_allowed');
  });
});

describe('the Host', () => {
  test.each(['evil.example', 'localhost', 'localhost:1', 'localhost.evil.example'])('%s is refused', async (host) => {
    const { status, body } = await hostStatus('/chat/bot_none', host);
    expect(status).toBe(421);
    expect(body).toContain('"code":"misdirected_request"');
  });

  test('both configured names are served', async () => {
    for (const name of ['localhost', '127.0.0.1'])
      expect((await hostStatus('/healthz', `${name}:${server.port}`)).status).toBe(200);
  });
});

describe('the process', () => {
  test('a second server over the same data folder exits and says how to mend it', async () => {
    const second = startServerProcess({ dataDir: server.dataDir });
    await expect(second).rejects.toThrow(/ended with [1-9].*(ERRAND_DATA_DIR|ERRAND_DATABASE_URL)/s);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  test('wrong settings: it does not start, and names the variable', async () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ ERRAND_PUBLIC_URL: 'http://chat.example' }, /ERRAND_PUBLIC_URL.*https/s],
      [{ ERRAND_PUBLIC_URL: 'https://chat.example' }, /ERRAND_MASTER_KEY/],
      [{ ERRAND_EGRESS_ALLOW: '127.0.0.1' }, /ERRAND_EGRESS_ALLOW/],
      [{ ERRAND_PORT: 'many' }, /ERRAND_PORT/],
      [{ ERRAND_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, /ERRAND_MASTER_KEY/],
    ];
    await Promise.all(wrong.map(([env, message]) => expect(startServerProcess({ env })).rejects.toThrow(message)));
  });

  test("SIGTERM ends open streams and exits 0; what was stored goes on; the key file is its owner's alone", async () => {
    const dataDir = await newDataDir();
    const first = await startServerProcess({ dataDir });
    const outsider = await openAccount(first, 'Brand');
    const bot = await outsider.publish({
      ...managedBot({ brandUrl: 'https://api.example', credential: '' }),
      dialogs: [],
      integrations: [],
    });
    const consumer = await converse(first.url, bot);
    await consumer.say('hello');
    await consumer.next(({ from }) => from === 'bot');
    const stream = await fetch(`${first.url}/v1/conversations/${consumer.id}/events`, {
      headers: { authorization: `Bearer ${consumer.token}`, accept: 'text/event-stream' },
    });
    const waiting = consumer.call('GET', '/events?after=99&wait=25').then(
      (answer) => answer.status,
      () => 'cut',
    );
    expect(await first.stop()).toBe(0);
    await stream.text();
    await waiting;
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    const again = await startServerProcess({ dataDir, port: first.port, adminKey: first.adminKey });
    const { events } = await (await consumer.call('GET', '/events?after=0')).json();
    expect(events).toHaveLength(2);
    await again.stopAndForget();
  });
});
