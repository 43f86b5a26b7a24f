/** The real provider behind the proxy: asked with its own Host, its URLs turned into the proxy's on the way back. */
import { request } from 'node:http';
import type { Received, Reply } from './loopback-server.ts';

export interface Upstream {
  aimAt(url: string): void;
  ask(received: Received): Promise<Reply>;
}

export function createUpstream({ own, keepIssuer }: { own: string; keepIssuer: boolean }): Upstream {
  let origin: string | undefined;
  return {
    aimAt(url) {
      origin = new URL(url).origin;
    },
    async ask(received) {
      if (!origin) throw new Error('The proxy has no provider to ask: call aimAt first.');
      // A provider that took the proxy's URL as its issuer makes its URLs right by itself.
      return rewrite(await exchange(origin, received), { from: origin, to: own, keepIssuer });
    },
  };
}

function exchange(origin: string, { method, path, headers, body }: Received): Promise<Reply> {
  const { host: _host, connection: _connection, 'accept-encoding': _encoding, ...others } = headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, headers: others, agent: false }, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(Buffer.from(piece));
      const { 'transfer-encoding': _chunks, 'content-length': _length, connection: _kept, ...kept } = answer.headers;
      const replyHeaders = Object.entries(kept).filter(
        (header): header is [string, string | string[]] => header[1] !== undefined,
      );
      resolve({
        status: answer.statusCode ?? 502,
        headers: Object.fromEntries(replyHeaders),
        body: Buffer.concat(pieces).toString('utf8'),
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Rewriting {
  from: string;
  to: string;
  keepIssuer: boolean;
}

function rewrite(real: Reply, rewriting: Rewriting): Reply {
  const location = real.headers['location'];
  const isMetadata = typeof real.body === 'string' && real.body.includes('"authorization_endpoint"');
  return {
    ...real,
    headers:
      typeof location === 'string' ? { ...real.headers, location: rewriteLocation(location, rewriting) } : real.headers,
    body: isMetadata
      ? rewriteMetadata(String(real.body), rewriting)
      : String(real.body).replaceAll(`"${rewriting.from}/`, `"${rewriting.to}/`),
  };
}

function rewriteLocation(location: string, { from, to, keepIssuer }: Rewriting): string {
  if (location.startsWith(`${from}/`)) return `${to}${location.slice(from.length)}`;
  const url = URL.parse(location);
  if (keepIssuer || url?.searchParams.get('iss') !== from) return location;
  url.searchParams.set('iss', to);
  return url.href;
}

function rewriteMetadata(body: string, { from, to, keepIssuer }: Rewriting): string {
  const rewritten: unknown = JSON.parse(body.replaceAll(from, to));
  const { issuer }: { issuer?: unknown } = JSON.parse(body);
  return JSON.stringify(keepIssuer ? Object.assign({}, rewritten, { issuer }) : rewritten);
}
