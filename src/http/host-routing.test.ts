import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey, startTestServer, type TestServer } from './server.test-parts.ts';

const at = (host: string) => ({ headers: { host } });

describe('on loopback', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test('both names serve everything, and unknown hosts are refused', async () => {
    const bot = await server.publishedBot(await server.account());
    for (const host of ['localhost:4300', '127.0.0.1:4300', 'LOCALHOST:4300']) {
      expect((await server.call('GET', `/chat/${bot}`, at(host))).status).toBe(200);
      expect(
        (await server.call('POST', '/v1/accounts', { ...at(host), token: adminKey, json: { name: 'B' } })).status,
      ).toBe(201);
    }
    for (const host of [
      'evil.example',
      'localhost:4301',
      'localhost',
      '127.0.0.1',
      'localhost:4300.evil.example',
      '',
    ]) {
      for (const path of [`/chat/${bot}`, '/v1/accounts', '/openapi.json', '/nowhere']) {
        expect(await server.call('GET', path, at(host))).toMatchObject({
          status: 421,
          body: { code: 'misdirected_request' },
        });
      }
    }
  });

  test('a forwarded host counts only from a trusted proxy', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'localhost:4300' };
    expect((await server.call('GET', '/healthz', { headers })).status).toBe(421);
  });
});

test('XS-15: where the Studio has a host of its own, the consumer’s pages are not there, on loopback neither', async () => {
  const server = await startTestServer({ config: { studioUrl: 'http://studio.localhost:4300' } });
  const bot = await server.publishedBot(await server.account());
  expect((await server.call('GET', `/chat/${bot}`, at('localhost:4300'))).status).toBe(200);
  expect((await server.call('GET', `/chat/${bot}`, at('studio.localhost:4300'))).status).toBe(421);
  const made = { ...at('studio.localhost:4300'), token: adminKey, json: { name: 'B' } };
  expect((await server.call('POST', '/v1/accounts', made)).status).toBe(201);
  await server.close();
});

describe('in production', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      config: { publicUrl: 'https://chat.brand.example', studioUrl: 'https://studio.brand.example' },
    });
  });
  afterAll(() => server.close());

  test("XS-15: the consumer's pages are on the public host only; the Account API answers on both", async () => {
    const bot = await server.publishedBot(await server.account());
    const chat = (host: string) => server.call('GET', `/chat/${bot}`, at(host));
    expect((await chat('chat.brand.example')).status).toBe(200);
    expect(await chat('studio.brand.example')).toMatchObject({ status: 421 });
    for (const host of ['chat.brand.example', 'studio.brand.example']) {
      expect(
        (await server.call('POST', '/v1/accounts', { ...at(host), token: adminKey, json: { name: 'B' } })).status,
      ).toBe(201);
    }
    expect((await server.call('GET', '/healthz', at('127.0.0.1:4300'))).status).toBe(200);
    expect((await server.call('GET', `/chat/${bot}`, at('127.0.0.1:4300'))).status).toBe(421);
  });

  test('https pages say that https stays', async () => {
    const { headers } = await server.call('GET', '/healthz');
    expect(headers['strict-transport-security']).toContain('max-age=');
  });
});
