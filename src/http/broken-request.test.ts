import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './server.test-parts.ts';

let server: TestServer;
let port: number;
beforeAll(async () => {
  server = await startTestServer();
  port = Number(new URL(await server.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(() => server.close());

/** Sends bytes as they are and reads until the server ends the connection: with a reset where it has not taken them all. */
async function send(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.on('error', () => {});
  await new Promise((closed) => socket.once('close', closed));
  return text;
}

const head =
  'POST /v1/accounts HTTP/1.1\r\nHost: localhost:4300\r\nConnection: close\r\nContent-Type: application/json\r\n';

describe('LD-10: what two servers could read in two ways is refused, and the connection closed', () => {
  test.each([
    ['length and chunks', `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: localhost:4300\n\n'.replace('Host', 'Host\u0000')],
    ['a header of 64 kB', `GET / HTTP/1.1\r\nHost: localhost:4300\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`],
    ['no HTTP', 'hello\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    const answer = await send(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_body"');
  });

  test.each([
    ['path', 16, `/healthz?${'x'.repeat(17_000)}`],
    ['path', 112, `/callback/acc/cred?${'x'.repeat(115_700)}`],
    ['headers', 16, `/healthz HTTP/1.1\r\nX: ${'x'.repeat(17_000)}`],
  ])('%s beyond %i kB: refused, with the limit', async (what, limit, line) => {
    const first = what === 'headers' ? line : `${line} HTTP/1.1`;
    const answer = await send(`GET ${first}\r\nHost: localhost:4300\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_body"/);
    expect(answer).toContain(`"errors":[{"pointer":"${what}","detail":"must not be longer than ${limit} kB`);
  });

  test("P16 a callback's address of 101 kB reaches its route", async () => {
    const long = 'x'.repeat(101_000);
    const answer = await send(
      `GET /callback/acc/cred?error_description=${long} HTTP/1.1\r\nHost: localhost:4300\r\nConnection: close\r\n\r\n`,
    );
    // This server has no sign-in pages.
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('a request without a host is refused', async () => {
    expect(await send('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('LD-04: a body without end is cut at the limit', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const answer = await send(
      `${head}Authorization: Bearer the-key-for-the-whole-instance\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"body_too_large"/);
  });
});
