import type { FastifyRequest } from 'fastify';
import { Problem } from '../world/problem.ts';
import type { HttpConfig } from './http-config.ts';

/**
 * Who a route is for. `consumer`: pages and API of the consumer; `account`: the Account API and the Studio;
 * `operations`: health and metrics, also by a loopback name of any port, for probes inside a container.
 */
export type Surface = 'consumer' | 'account' | 'operations';

declare module 'fastify' {
  interface FastifyContextConfig {
    surface?: Surface;
  }
}

/**
 * Refuses requests for hosts that are not ours: a name that somebody rebinds to this address reaches nothing. The
 * consumer's pages live on the public host only, so their scripts never share an origin with the Studio (XS-15); where
 * both are the loopback names of a first try, both serve both. The Account API takes no cookies and answers on both hosts.
 */
export function createHostRouting(config: HttpConfig): (request: FastifyRequest) => Promise<void> {
  const hostOf = rememberLast((url: string) => new URL(url).host);
  const local = rememberLast((urls: string) => urls.split(' ').every(isFirstTry));
  return async (request) => {
    const surface = request.routeOptions.config?.surface;
    const host = (request.host ?? '').toLowerCase();
    if (host === hostOf(config.publicUrl)) return;
    if (
      host === hostOf(config.studioUrl) &&
      (surface !== 'consumer' || local(`${config.publicUrl} ${config.studioUrl}`))
    )
      return;
    if (surface === 'operations' && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) return;
    throw new Problem('misdirected_request', 'This server does not serve that host.');
  };
}

/** As both URLs are by default. */
function isFirstTry(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '127.0.0.1';
}

function rememberLast<T>(compute: (url: string) => T): (url: string) => T {
  const known = new Map<string, T>();
  return (url) => {
    const value = known.get(url) ?? compute(url);
    known.set(url, value);
    return value;
  };
}
