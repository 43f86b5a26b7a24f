import type { IdentityProviderDocument } from '../../api/identity-provider.ts';
import type { InvalidPlace } from '../../world/problem.ts';

const endpoints = ['token_endpoint', 'jwks_uri', 'revocation_endpoint'] as const;

/**
 * Endpoints given by hand that do not stand where the consumer signs in. Some providers are built like that; but so is the
 * trap in which people sign in at the real one and somebody else gets their codes (P9), so whoever runs this has to look.
 */
export function mixedOriginWarnings(document: IdentityProviderDocument): InvalidPlace[] {
  const { authorization_endpoint } = document;
  if (authorization_endpoint === undefined) return [];
  const { origin } = new URL(authorization_endpoint);
  return endpoints.flatMap((name) => {
    const url = document[name];
    if (url === undefined || new URL(url).origin === origin) return [];
    const detail = `stands at ${new URL(url).origin}, while people sign in at ${origin} (authorization_endpoint): make sure that it is the same provider's`;
    return [{ pointer: `/${name}`, detail }];
  });
}
