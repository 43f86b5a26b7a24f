import type { AllowList } from './allow-list.ts';

/**
 * May a secret go to this URL? Only where scheme, host and port equal one declared origin exactly (SS-10, X1), and only
 * over TLS unless the operator allow-listed the place (RFC 6750 5.3).
 */
export function refuseSecretOrigin(url: URL, origins: readonly string[], allowed: AllowList): string | undefined {
  if (!origins.some((origin) => canonicalOrigin(origin) === url.origin)) return 'The secret may not go to this origin.';
  if (url.protocol !== 'https:' && !allowed(url)) return 'The secret may only go out over https.';
  return undefined;
}

/** The origin of a text that is an origin and nothing more; undefined otherwise, so that a stray path or star matches nothing. */
function canonicalOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s*]+\/?$/i.test(text)) return undefined;
  return URL.parse(text)?.origin;
}
