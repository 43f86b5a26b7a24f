import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { silentLog, systemClock } from '../world/world.ts';
import { createCertificate, type TestCertificate } from './certificate.test-parts.ts';
import { createEgress } from './create-egress.ts';
import { startRawServer } from './raw-server.test-parts.ts';

const closing: (() => Promise<unknown>)[] = [];
let received: string[] = [];

afterEach(async () => {
  received = [];
  for (const close of closing.splice(0)) await close();
});

async function serve(certificate: TestCertificate): Promise<number> {
  const server: Server = createServer(certificate, (request, response) => {
    received.push(String(request.headers['authorization']));
    response.end('ok');
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function call(port: number, ca: string[]) {
  const egress = createEgress({
    allow: [`brand.example:${port}`],
    clock: systemClock,
    log: silentLog,
    resolve: async () => ['127.0.0.1'],
    ca,
  });
  closing.push(egress.close);
  const url = `https://brand.example:${port}`;
  const secret = { header: 'Authorization', prefix: 'Bearer ', value: new Secret('canary-token'), origins: [url] };
  return await egress.request({ method: 'GET', url, headers: {}, secret });
}

const refused = { failed: 'unreachable', reason: 'No connection could be made.', sent: false };

describe('https', () => {
  test('a certificate of the name by a trusted authority is taken', async () => {
    const good = createCertificate('brand.example', 30);
    expect(await call(await serve(good), [good.cert])).toMatchObject({ status: 200, body: 'ok' });
    expect(received).toEqual(['Bearer canary-token']);
  });

  test('SS-08: self-signed, wrong name and expired are refused before the secret is sent', async () => {
    const good = createCertificate('brand.example', 30);
    const wrongName = createCertificate('other.example', 30);
    const expired = createCertificate('brand.example', -2);
    expect(await call(await serve(good), [])).toEqual(refused);
    expect(await call(await serve(wrongName), [wrongName.cert])).toEqual(refused);
    expect(await call(await serve(expired), [expired.cert])).toEqual(refused);
    expect(received).toEqual([]);
  });

  test('SS-08: no environment variable switches the verification off', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await call(await serve(createCertificate('brand.example', 30)), [])).toEqual(refused);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(received).toEqual([]);
  });

  test('UP-09: a handshake that stalls is cut at the connect deadline, nothing sent', async () => {
    const stalled = await startRawServer(() => {});
    closing.push(stalled.close);
    expect(await call(stalled.port, [])).toEqual(refused);
  });
});
