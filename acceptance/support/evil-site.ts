import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's site, which says whatever an attacker wants. A browser takes `evil.localhost` for another site than ours. */
export interface EvilSite {
  /** Serves this page from now on and gives its address; `host`: another of its names. */
  page(html: string, host?: string): string;
  /** Serves this as JSON, as a brand's API would; its address is no name but 127.0.0.1. */
  json(body: unknown): string;
  /** `host:port` of `json`. */
  place: string;
  close(): Promise<void>;
}

export async function startEvilSite(): Promise<EvilSite> {
  const pages: { type: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const page = pages[Number(request.url?.slice(1))];
    response.writeHead(page ? 200 : 404, { 'content-type': page?.type ?? 'text/plain' });
    response.end(page?.body ?? '');
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  const put = (type: string, body: string) => pages.push({ type, body }) - 1;
  return {
    page: (html, host = 'evil.localhost') =>
      `http://${host}:${port}/${put('text/html; charset=utf-8', `<!doctype html><title>A nice site</title>${html}`)}`,
    json: (body) => `http://127.0.0.1:${port}/${put('application/json', JSON.stringify(body))}`,
    place: `127.0.0.1:${port}`,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
