import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { type Clock, type Log, silentLog, systemClock } from '../world/world.ts';
import { createEgress, type EgressParts } from './create-egress.ts';
import type { Answer, Egress, EgressFailure, OutgoingRequest } from './egress.ts';
import { http, type RawServer, startRawServer } from './raw-server.test-parts.ts';

const canary = 'canary-7f3b9c2e5d81/+a==';
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(answer: (socket: Socket, request: string) => void): Promise<RawServer> {
  const started = await startRawServer(answer);
  closing.push(started.close);
  return started;
}

function egressTo(places: string[], parts: Partial<EgressParts> = {}): Egress {
  const egress = createEgress({ allow: places, clock: systemClock, log: silentLog, ...parts });
  closing.push(egress.close);
  return egress;
}

async function call(raw: RawServer, more: Partial<OutgoingRequest> = {}): Promise<Answer | EgressFailure> {
  return egressTo([raw.place]).request({ method: 'GET', url: raw.url('/a?b=c'), headers: {}, ...more });
}

const bearer = (raw: RawServer) => ({
  secret: { header: 'Authorization', prefix: 'Bearer ', value: new Secret(canary), origins: [raw.url('')] },
});

describe('request', () => {
  test('gives status, headers in lower case and the text', async () => {
    const raw = await server((socket) =>
      socket.end(http('201 Created', ['X-One: 1', 'X-Many: a', 'X-Many: b'], 'Grüße')),
    );
    const answer = await call(raw, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 201, body: 'Grüße', headers: { 'x-one': '1', 'x-many': 'a, b' } });
    const sent = raw.requests()[0] ?? '';
    expect(sent).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\n/);
    expect(sent).toContain('accept-encoding: identity');
    expect(sent).toContain('{"a":1}');
  });

  test('X2, SS-05: a redirect is the answer and is never followed, with or without a secret', async () => {
    const trap = await server((socket) => socket.end(http('200 OK', [], 'trap')));
    const raw = await server((socket) => socket.end(http('302 Found', [`location: ${trap.url()}`])));
    const egress = egressTo([raw.place, trap.place]);
    for (const more of [{}, bearer(raw)]) {
      expect(await egress.request({ method: 'GET', url: raw.url(), headers: {}, ...more })).toMatchObject({
        status: 302,
      });
    }
    expect(trap.hits()).toBe(0);
  });

  test('the secret goes out in its header, to its origin only', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', [], 'ok')));
    const egress = egressTo([raw.place]);
    const request = { method: 'GET', url: raw.url(), headers: {}, ...bearer(raw) };
    await egress.request(request);
    expect(raw.requests()[0]).toContain(`authorization: Bearer ${canary}\r\n`);
    const elsewhere = { ...request, secret: { ...request.secret, origins: ['https://brand.example'] } };
    expect(await egress.request(elsewhere)).toMatchObject({ failed: 'blocked', sent: false });
    expect(raw.hits()).toBe(1);
  });

  test('S6: an echoed secret is gone from body and headers, in every coding and under compression', async () => {
    const base64 = Buffer.from(`Bearer ${canary}`).toString('base64');
    const echo = `raw ${canary} url ${encodeURIComponent(canary)} base64 ${base64} json ${JSON.stringify(canary).replaceAll('/', '\\/')}`;
    const zipped = gzipSync(echo);
    const raw = await server((socket) => {
      socket.write(`HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer error_description="${canary}"\r\n`);
      socket.write(`x-b: ${base64}\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`);
      socket.end(zipped);
    });
    const text = JSON.stringify(await call(raw, bearer(raw)));
    expect(text).toContain('•••');
    expect(text).not.toContain(canary.slice(0, 12));
    expect(text).not.toContain(base64.slice(10, 24));
  });

  test('further secrets are scrubbed too', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', [], `client_secret=${canary}`)));
    expect(await call(raw, { scrub: [new Secret(canary)] })).toMatchObject({ body: 'client_secret=•••' });
  });

  test('TK-13: neither failures nor logs hold a header value or a query', async () => {
    const lines: string[] = [];
    const write = (fields: object, message: string) => void lines.push(JSON.stringify(fields) + message);
    const log: Log = { debug: write, info: write, warn: write, error: write };
    const raw = await server((socket, request) => socket.end(`junk ${request}`));
    const egress = egressTo([raw.place], { log, resolve: async () => ['10.0.0.1'] });
    const failures = [
      await egress.request({ method: 'GET', url: raw.url(`/?q=${canary}`), headers: {}, ...bearer(raw) }),
      await egress.request({ method: 'GET', url: `http://brand.example/?q=${canary}`, headers: { 'x-a': canary } }),
      await egress.request({ method: 'GET', url: `http://u:${canary}@brand.example/`, headers: { 'x-a': canary } }),
      await egress.fetch(raw.url(), { headers: { authorization: canary } }).catch((error: unknown) => error),
      await egress.fetch(`http://u:${canary}@brand.example/`).catch((error: unknown) => error),
    ];
    expect(JSON.stringify(failures) + failures.map(String).join() + lines.join()).not.toContain('canary');
    expect(lines.length).toBeGreaterThan(0);
  });
});

/** What never ends is cut after this long. */
const short = 300;

/** A clock whose short alarms begin when the server has heard the request, however long the way there took. */
function clockFrom(arrived: Promise<void>): Clock {
  return {
    now: systemClock.now,
    alarm(ms, ring) {
      if (ms !== short) return systemClock.alarm(ms, ring);
      let cancel = () => {};
      void arrived.then(() => (cancel = systemClock.alarm(ms, ring)));
      return () => cancel();
    },
  };
}

/** A call to a server that hears it and then does this, cut as soon as it has had its short time. */
async function cut(answer: (socket: Socket) => void, more: Partial<OutgoingRequest> = {}) {
  const arrived = Promise.withResolvers<void>();
  const raw = await server((socket) => {
    arrived.resolve();
    answer(socket);
  });
  const egress = egressTo([raw.place], { clock: clockFrom(arrived.promise) });
  return egress.request({ method: 'GET', url: raw.url(), headers: {}, timeout_ms: short, ...more });
}

describe('hostile answers', () => {
  const max_bytes = 10_000;
  const flood = (head: string, piece: string) => (socket: Socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.write(head);
    socket.on('drain', more);
    more();
  };

  test.each<[string, string, (socket: Socket) => void]>([
    ['timed_out', 'never answers', () => {}],
    ['timed_out', 'stops after half the head', (socket) => void socket.write('HTTP/1.1 200 OK\r\nx-a: ')],
    [
      'timed_out',
      'stops in the body',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
    ],
    [
      'timed_out',
      'sends an endless chunk slowly',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFF\r\na'),
    ],
    ['broken', 'resets at once', (socket) => void socket.resetAndDestroy()],
    ['broken', 'closes without a word', (socket) => void socket.end()],
    [
      'broken',
      'closes in the middle of the body',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
    ],
    ['broken', 'speaks HTTP/0.9', (socket) => void socket.end('<html>hello</html>')],
    ['broken', 'speaks another protocol', (socket) => void socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    [
      'broken',
      'has two lengths',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde'),
    ],
    [
      'broken',
      'has a length and chunks',
      (socket) =>
        void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    [
      'broken',
      'has a bad chunk size',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\na'),
    ],
    [
      'broken',
      'upgrades unasked',
      (socket) => void socket.end('HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
    ],
    [
      'broken',
      'floods with interim answers',
      flood('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1_000)),
    ],
    ['broken', 'stacks encodings', (socket) => void socket.end(http('200 OK', ['content-encoding: gzip, gzip'], 'x'))],
    ['broken', 'claims gzip and is not', (socket) => void socket.end(http('200 OK', ['content-encoding: gzip'], 'x'))],
    ['too_large', 'sends a header without end', flood('HTTP/1.1 200 OK\r\nx-a: ', 'a'.repeat(4_096))],
    ['too_large', 'sends 100,000 headers', flood('HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'.repeat(1_000))],
    [
      'too_large',
      'announces 10 GB',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n'),
    ],
    ['too_large', 'sends without end', flood('HTTP/1.1 200 OK\r\n\r\n', 'a'.repeat(65_536))],
    [
      'too_large',
      'sends one-byte chunks without end',
      flood('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\na\r\n'.repeat(1_000)),
    ],
  ])('SS-09, UP-03: %s when the server %s', async (failed, _name, answer) => {
    const before = process.memoryUsage().rss;
    const timeout_ms = failed === 'timed_out' ? short : 10_000;
    expect(await cut(answer, { max_bytes, timeout_ms })).toMatchObject({ failed, sent: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test('SS-09: a gzip bomb ends at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const raw = await server((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    });
    expect(await call(raw, { max_bytes: 100_000 })).toMatchObject({ failed: 'too_large' });
  });

  test('SS-09, T3: one byte at a time is cut at the deadline', async () => {
    const dripping = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drip));
    };
    expect(await cut(dripping, { max_bytes })).toMatchObject({ failed: 'timed_out', sent: true });
  });

  test('an answer of exactly the limit passes', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', [], 'a'.repeat(10_000))));
    expect(await call(raw, { max_bytes })).toMatchObject({ status: 200 });
  });

  test.each([204, 206, 304, 418])('UP-06: %i is an answer', async (status) => {
    const raw = await server((socket) => socket.end(`HTTP/1.1 ${status} X\r\nconnection: close\r\n\r\n`));
    expect(await call(raw)).toMatchObject({ status, body: '' });
  });
});

describe('names and addresses', () => {
  const resolveTo = (...answers: string[][]) => {
    let asked = 0;
    const resolve = async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
    return { resolve, asked: () => asked };
  };

  test.each([
    ['loopback', ['127.0.0.1']],
    ['private', ['10.1.2.3']],
    ['mixed', ['93.184.215.14', '127.0.0.1']],
    ['mixed, the bad one last of a thousand', [...Array(999).fill('93.184.215.14'), '::1']],
    ['mapped', ['::ffff:127.0.0.1']],
    ['metadata', ['169.254.169.254']],
  ])('SS-02: a name that leads to %s is refused as a whole', async (_name, addresses) => {
    const trap = await server((socket) => socket.end(http('200 OK', [])));
    const egress = egressTo([], resolveTo(addresses));
    const answer = await egress.request({ method: 'GET', url: `http://brand.example:${trap.port}/`, headers: {} });
    expect(answer).toEqual({ failed: 'blocked', reason: 'This address may not be called.', sent: false });
    expect(trap.hits()).toBe(0);
  });

  test('SS-11: an allow-listed name may lead to loopback, never to link-local', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', ['connection: close'], 'ok')));
    const request = { method: 'GET', url: `http://inside.example:${raw.port}/`, headers: {} };
    const names = resolveTo(['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '169.254.169.254']);
    const egress = egressTo([`inside.example:${raw.port}`], names);
    expect(await egress.request(request)).toMatchObject({ status: 200 });
    expect(await egress.request(request)).toMatchObject({ failed: 'blocked' });
    expect(await egress.request(request)).toMatchObject({ failed: 'blocked' });
  });

  test('X3: the name is asked once per connection, and the checked address is the one connected to', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', ['connection: close'], 'ok')));
    const names = resolveTo(['127.0.0.1'], ['127.0.0.66']);
    const egress = egressTo([`inside.example:${raw.port}`], names);
    const request = { method: 'GET', url: `http://inside.example:${raw.port}/`, headers: {} };
    expect(await egress.request(request)).toMatchObject({ status: 200 });
    expect(names.asked()).toBe(1);
    expect(raw.requests()[0]).toContain(`host: inside.example:${raw.port}`);
  });

  test('X3: a name that changes between two connections is checked again', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', ['connection: close'], 'ok')));
    const egress = egressTo([], resolveTo(['10.0.0.1'], ['127.0.0.1']));
    for (const _round of [1, 2]) {
      const answer = await egress.request({ method: 'GET', url: `http://brand.example:${raw.port}/`, headers: {} });
      expect(answer).toMatchObject({ failed: 'blocked' });
    }
    expect(raw.hits()).toBe(0);
  });

  test('UP-09: no address, a resolver that fails and a closed port are all unreachable, nothing sent', async () => {
    const closed = await startRawServer(() => {});
    await closed.close();
    const unreachable = { failed: 'unreachable', reason: 'No connection could be made.', sent: false };
    const url = 'http://brand.example/';
    const failing = { resolve: () => Promise.reject(new Error('SERVFAIL')) };
    expect(await egressTo([], resolveTo([])).request({ method: 'GET', url, headers: {} })).toEqual(unreachable);
    expect(await egressTo([], failing).request({ method: 'GET', url, headers: {} })).toEqual(unreachable);
    expect(await egressTo([closed.place]).request({ method: 'GET', url: closed.url(), headers: {} })).toEqual(
      unreachable,
    );
  });

  test.each([
    ['HTTP/1.1 200 OK\r\n\r\n', true],
    ['HTTP/1.1 401 Unauthorized\r\n\r\n', true],
    ['HTTP/1.1 405 Method Not Allowed\r\n\r\n', true],
    ['HTTP/1.1 500 Internal Server Error\r\n\r\n', true],
    ['junk', true],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', false],
    ['HTTP/1.1 503 Service Unavailable\r\n\r\n', false],
  ])('what answers %j is there: %j', async (answer, isThere) => {
    const server = await startRawServer((socket) => socket.end(answer));
    const egress = egressTo([server.place]);
    const place = { url: server.url(), safe: true };
    expect(await egress.reaches(place, 5_000)).toBe(isThere);
    await server.close();
    expect(await egress.reaches(place, 5_000)).toBe(false);
    expect(await egressTo([]).reaches({ url: 'http://127.0.0.1:9', safe: true }, 5_000)).toBe(true);
  });

  test('a host with nothing on its front page is there if the place is, which is asked without what a consumer wrote', async () => {
    const server = await startRawServer((socket, head) =>
      socket.end(head.startsWith('HEAD /') ? 'HTTP/1.1 503 No\r\n\r\n' : 'HTTP/1.1 401 Who\r\n\r\n'),
    );
    const egress = egressTo([server.place]);
    const url = new URL('/orders?q=mia', server.url()).href;
    const looks = [1, 2, 3].map(() => egress.reaches({ url, safe: true }, 5_000));
    expect(await Promise.all(looks)).toEqual([true, true, true]);
    expect(await egress.reaches({ url, safe: false }, 5_000)).toBe(true);
    const orders = (method: string) => `${method} /orders HTTP/1.1`;
    const heads = server.requests().map((request) => request.split('\r\n')[0]);
    expect(heads).toEqual(['HEAD / HTTP/1.1', orders('GET'), 'HEAD / HTTP/1.1', orders('OPTIONS')]);
    await server.close();
  });

  test('who is slow is there', async () => {
    const server = await startRawServer(() => {});
    expect(await egressTo([server.place]).reaches({ url: server.url(), safe: true }, 50)).toBe(true);
    await server.close();
  });

  test('UP-09: a resolver that never answers is cut by the connect deadline', async () => {
    const alarms: { ms: number; ring: () => void }[] = [];
    const clock = { now: () => 0, alarm: (ms: number, ring: () => void) => (alarms.push({ ms, ring }), () => {}) };
    const egress = egressTo([], { clock, resolve: () => new Promise(() => {}) });
    const answer = egress.request({ method: 'POST', url: 'http://brand.example/', headers: {} });
    await expect.poll(() => alarms.map((alarm) => alarm.ms)).toContain(3_000);
    for (const alarm of alarms) if (alarm.ms === 3_000) alarm.ring();
    expect(await answer).toMatchObject({ failed: 'unreachable', sent: false });
  });

  test('a request given up while it waits for a connection is never written', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', [])));
    const first = Promise.withResolvers<string[]>();
    let asked = 0;
    const resolve = () => (asked++ === 0 ? first.promise : Promise.resolve(['127.0.0.1']));
    const egress = egressTo([`inside.example:${raw.port}`], { resolve });
    const url = `http://inside.example:${raw.port}/`;
    const answer = await egress.request({ method: 'POST', url, headers: {}, timeout_ms: 50 });
    expect(answer).toMatchObject({ failed: 'timed_out', sent: false });
    first.resolve(['127.0.0.1']);
    expect(await egress.request({ method: 'GET', url, headers: {} })).toMatchObject({ status: 200 });
    expect(raw.requests().join()).not.toContain('POST');
  });

  test('localhost names need no name server and no less permission', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', ['connection: close'], 'ok')));
    const url = `http://brand.localhost:${raw.port}/`;
    expect(await egressTo([`brand.localhost:${raw.port}`]).request({ method: 'GET', url, headers: {} })).toMatchObject({
      status: 200,
    });
    expect(await egressTo([raw.place]).request({ method: 'GET', url, headers: {} })).toMatchObject({
      failed: 'blocked',
    });
  });

  test('SS-08: proxies of the environment are not used', async () => {
    const proxy = await server((socket) => socket.end(http('200 OK', [], 'proxy')));
    const raw = await server((socket) => socket.end(http('200 OK', [], 'direct')));
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url();
    try {
      expect(await call(raw)).toMatchObject({ body: 'direct' });
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(proxy.hits()).toBe(0);
  });
});

describe('fetch', () => {
  test('posts a form and gives the answer as a Response', async () => {
    const raw = await server((socket) => socket.end(http('200 OK', ['content-type: application/json'], '{"a":1}')));
    const response = await egressTo([raw.place]).fetch(raw.url('/token'), {
      method: 'POST',
      headers: { authorization: 'Basic eDp5' },
      body: new URLSearchParams({ grant_type: 'authorization_code' }),
      redirect: 'manual',
    });
    expect(await response.json()).toEqual({ a: 1 });
    expect(raw.requests()[0]).toContain('content-type: application/x-www-form-urlencoded');
    expect(raw.requests()[0]).toContain('grant_type=authorization_code');
  });

  test('T5: a redirect of a token endpoint is the answer', async () => {
    const raw = await server((socket) => socket.end(http('302 Found', ['location: /elsewhere'])));
    const response = await egressTo([raw.place]).fetch(raw.url());
    expect(response.status).toBe(302);
    expect(raw.hits()).toBe(1);
  });

  test('throws the typed failure', async () => {
    const thrown = egressTo([]).fetch('http://127.0.0.1:1/');
    await expect(thrown).rejects.toMatchObject({ name: 'EgressError', failure: { failed: 'blocked', sent: false } });
  });

  test('gives up when its signal says so', async () => {
    const raw = await server(() => {});
    const signal = AbortSignal.timeout(50);
    await expect(egressTo([raw.place]).fetch(raw.url(), { signal })).rejects.toMatchObject({
      failure: { failed: 'broken' },
    });
  });
});
