/** A small HTTP server on loopback that can go down and come back on the same port, and that never keeps a test waiting at its end. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Received {
  method: string;
  /** Path and query. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>`, also while down. */
  url: string;
  /** `127.0.0.1:<port>`, as an egress allow-list writes it. */
  place: string;
  /** From now on connections are refused; open ones are cut. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export type Handle = (received: Received, response: ServerResponse) => void | Promise<void>;

export async function startLoopbackServer(handle: Handle): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    void receive(request)
      .then((received) => handle(received, response))
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let port = 0;
  const up = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    port = address.port;
  };
  const down = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  await up();
  return { url: `http://127.0.0.1:${port}`, place: `127.0.0.1:${port}`, down, up, close: down };
}

async function receive(request: IncomingMessage): Promise<Received> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(pieces).toString('utf8'),
  };
}

/** A whole answer. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export function reply(status: number, body: unknown = '', headers: Reply['headers'] = {}): Reply {
  if (typeof body === 'string') return { status, headers, body };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Ways to treat a caller that no whole answer can express. */
export const rude = {
  /** Keeps the connection and says nothing. */
  silence() {},
  reset: (response: ServerResponse) => void response.socket?.resetAndDestroy(),
  junk: (response: ServerResponse) => void response.socket?.end('I am not HTTP\n'),
  /** One byte at a time until the caller leaves. */
  drip(response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100_000 });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  cut(response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"half":', () => response.socket?.end());
  },
  resetInBody(response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"half":', () => response.socket?.resetAndDestroy());
  },
} satisfies Record<string, (response: ServerResponse) => void>;

export const threeMegabytes = Buffer.alloc(3_000_000, ' ');

/** Twenty megabytes of nothing in twenty kilobytes. */
export function gzipBomb(): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(20_000_000, 32)),
  };
}

export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Closed at first; whoever waits goes on when it opens. */
export interface Gate {
  passed: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
