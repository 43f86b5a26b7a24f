import type { IdentityProviderDocument, IdentityProviderInput } from '../../api/identity-provider.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';
import { unreadableKey } from './public-key.ts';
import { placesOf, unsafeUrl } from './safe-url.ts';

const endpoints = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'revocation_endpoint'] as const;

/** The settings as they are stored, defaults filled in. Throws `invalid_body` with every place that is wrong. */
export function providerSettings(input: IdentityProviderInput, keepsSecret: boolean): IdentityProviderDocument {
  const { name: _name, client_secret, ...settings } = input;
  const hasSecret = client_secret !== undefined || keepsSecret;
  const token_endpoint_auth_method = input.token_endpoint_auth_method ?? (hasSecret ? 'client_secret_basic' : 'none');
  const places = [
    ...endpointPlaces(input),
    ...keyPlaces(input),
    ...authenticationPlaces({ ...input, token_endpoint_auth_method }, hasSecret),
  ];
  if (places.length > 0) throw new Problem('invalid_body', 'The identity provider is not valid.', places);
  return { ...settings, token_endpoint_auth_method, pkce: input.pkce ?? 'S256' };
}

function endpointPlaces(input: IdentityProviderInput): InvalidPlace[] {
  const unsafe = endpoints.flatMap((name) => {
    const url = input[name];
    return url === undefined ? [] : placesOf(`/${name}`, unsafeUrl(url));
  });
  const { issuer } = input;
  if (issuer?.includes('?')) unsafe.push({ pointer: '/issuer', detail: 'must not have a query' });
  if (issuer !== undefined && input.authorization_endpoint === undefined && input.token_endpoint === undefined)
    return unsafe;
  const missing = (['authorization_endpoint', 'token_endpoint'] as const).filter((name) => input[name] === undefined);
  const detail = 'required: give an issuer for discovery, or both endpoints by hand';
  return [...unsafe, ...missing.map((name) => ({ pointer: `/${name}`, detail }))];
}

/** A key that cannot be read would refuse every sign-in. */
function keyPlaces({ public_key, jwks_uri }: IdentityProviderInput): InvalidPlace[] {
  if (public_key === undefined) return [];
  if (jwks_uri !== undefined)
    return [{ pointer: '/public_key', detail: 'goes without jwks_uri: id_tokens are checked with one of them' }];
  return placesOf('/public_key', unreadableKey(public_key));
}

function authenticationPlaces(input: IdentityProviderInput, hasSecret: boolean): InvalidPlace[] {
  const needsSecret = input.token_endpoint_auth_method !== 'none';
  if (needsSecret && !hasSecret) {
    return [{ pointer: '/client_secret', detail: `required by ${input.token_endpoint_auth_method}` }];
  }
  if (!needsSecret && input.pkce === 'off') {
    return [{ pointer: '/pkce', detail: 'a client without a secret needs S256: nothing else protects its codes' }];
  }
  return [];
}

/**
 * A secret that is kept may go only where it went before: who can change an endpoint without knowing the secret would
 * otherwise have it sent to himself.
 */
export function refuseToMoveSecret(before: IdentityProviderDocument, after: IdentityProviderDocument): void {
  const moved = endpoints.filter((name) => originOf(after[name]) !== originOf(before[name]));
  if (moved.length === 0) return;
  const detail = `required again, since another origin is set: ${moved.join(', ')}`;
  throw new Problem('invalid_body', 'The client secret must be given again.', [{ pointer: '/client_secret', detail }]);
}

const originOf = (url: string | undefined) => (url === undefined ? undefined : new URL(url).origin);
