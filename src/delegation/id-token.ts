/** Who signed in, as the provider vouches for it (OpenID Connect Core 3.1.3.7). */
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Secret } from '../world/secret.ts';
import { keyByHand } from './keys.ts';
import { consumerDelegation, type Provider, type Providers } from './provider.ts';

export interface Person {
  issuer: string;
  subject: string;
  acr: string | null;
  /** Epoch seconds. */
  auth_time: number | null;
}

export type IdTokenCheck = { ok: true; person: Person | null } | { ok: false; reason: string };

/** Never `none`, never a symmetric one: with HS256 the public key itself would sign (P15). */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds our clock and theirs may differ (T16). */
const tolerance = 60;

/** Whether an id_token can be checked at all: there are keys, and the operator did not say that it is not used. */
export function checksIdTokens(provider: Provider): boolean {
  if (provider.public_key === consumerDelegation) return false;
  return provider.public_key !== null || provider.jwks_uri !== null;
}

/**
 * `nonce` null: of a refresh, where a nonce need not be there. The issuer of a provider that was configured by hand may be
 * unknown: then whoever holds its keys says who he is, and all else is checked the same.
 */
export async function checkIdToken(
  providers: Pick<Providers, 'keys'>,
  provider: Provider,
  check: { id_token: Secret | null; nonce: string | null; asked: boolean; now: number },
): Promise<IdTokenCheck> {
  if (!checksIdTokens(provider)) return { ok: true, person: null };
  if (check.id_token === null)
    return check.asked ? { ok: false, reason: 'id_token_missing' } : { ok: true, person: null };
  const token = check.id_token.reveal();
  const verified = await verify(providers, provider, { token, now: check.now, again: false });
  if ('reason' in verified) return { ok: false, reason: verified.reason };
  const { payload } = verified;
  const wrong = whatIsWrong(payload, { client_id: provider.client_id, nonce: check.nonce, now: check.now });
  if (wrong) return { ok: false, reason: wrong };
  return {
    ok: true,
    person: {
      issuer: payload.iss ?? '',
      subject: payload.sub ?? '',
      acr: typeof payload.acr === 'string' ? payload.acr : null,
      auth_time: typeof payload.auth_time === 'number' ? payload.auth_time : null,
    },
  };
}

function whatIsWrong(
  payload: JWTPayload,
  expected: { client_id: string; nonce: string | null; now: number },
): string | null {
  if (!payload.sub || payload.sub.length > 255) return 'sub';
  if (typeof payload.iat !== 'number' || payload.iat > expected.now / 1_000 + tolerance) return 'iat';
  const several = Array.isArray(payload.aud) && payload.aud.length > 1;
  if (several && payload.azp === undefined) return 'azp';
  if (payload.azp !== undefined && payload.azp !== expected.client_id) return 'azp';
  if (expected.nonce !== null && payload.nonce !== expected.nonce) return 'nonce';
  return null;
}

async function verify(
  providers: Pick<Providers, 'keys'>,
  provider: Provider,
  given: { token: string; now: number; again: boolean },
): Promise<{ payload: JWTPayload } | { reason: string }> {
  try {
    const { alg } = decodeProtectedHeader(given.token);
    if (alg === undefined || !algorithms.includes(alg)) return { reason: 'alg' };
    const keys =
      provider.public_key === null
        ? await providers.keys.fromSet(provider.jwks_uri ?? '', given.again)
        : await keyByHand(provider.public_key, alg);
    if (keys === null) return { reason: 'keys' };
    return await jwtVerify(given.token, keys, {
      algorithms,
      ...(provider.issuer !== null && { issuer: provider.issuer }),
      audience: provider.client_id,
      clockTolerance: tolerance,
      currentDate: new Date(given.now),
      requiredClaims: ['sub', 'exp', 'iat', 'iss', 'aud'],
    });
  } catch (error) {
    // The provider may have changed its keys since they were read.
    const isUnknownKey = error instanceof errors.JWKSNoMatchingKey;
    if (isUnknownKey && !given.again) return verify(providers, provider, { ...given, again: true });
    return { reason: error instanceof errors.JOSEError ? error.code : 'unreadable' };
  }
}
