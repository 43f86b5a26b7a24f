import type { FastifyRequest } from 'fastify';
import { isBrowserSecret, newBrowserSecret } from '../../delegation/browser-secret.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Random } from '../../world/world.ts';

/** `__Host-` where there is https: no other host, no subdomain and no path can plant or replace it. */
export const browserCookieName = (publicUrl: string) =>
  publicUrl.startsWith('https:') ? '__Host-errand_browser' : 'errand_browser';

/**
 * The browser secret of the hosted chat: proof, later, that the browser on the sign-in page is the one that opened the
 * conversation. Only a same-origin page of ours gets one (a browser sets that header itself, no page can), and a
 * browser that has one of ours keeps it, so conversations in two tabs do not unbind each other; a value that somebody else chose is never taken up.
 */
export function browserSecret(
  request: FastifyRequest,
  parts: { publicUrl: string; vault: Pick<Vault, 'mac'>; random: Random },
): string | undefined {
  if (request.headers['sec-fetch-site'] !== 'same-origin') return undefined;
  const known = request.cookies[browserCookieName(parts.publicUrl)];
  return known !== undefined && isBrowserSecret(parts.vault, known)
    ? known
    : newBrowserSecret(parts.vault, parts.random);
}
