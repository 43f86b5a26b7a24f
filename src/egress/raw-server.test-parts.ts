/** A TCP server that answers each request with whatever a test writes, right or wrong, and counts who came. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface RawServer {
  port: number;
  /** `127.0.0.1:<port>`, as the allow-list writes it. */
  place: string;
  url(path?: string): string;
  /** Connections so far. */
  hits(): number;
  /** The text of every request so far, joined per connection. */
  requests(): string[];
  close(): Promise<void>;
}

/** `answer` is called once per request head that has arrived. */
export async function startRawServer(answer: (socket: Socket, request: string) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let hits = 0;
  const server = createServer((socket) => {
    hits++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      requests.push(text);
      const request = text;
      text = '';
      answer(socket, request);
    });
  });
  const port = await listen(server);
  return {
    port,
    place: `127.0.0.1:${port}`,
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    hits: () => hits,
    requests: () => requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** A whole, well-formed answer. */
export function http(status: string, headers: string[], body = ''): string {
  return [`HTTP/1.1 ${status}`, ...headers, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
