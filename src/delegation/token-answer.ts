/** Reads what a token endpoint answered. Providers are odd or hostile: everything is bounded, and only what was checked goes on. */
import { Secret } from '../world/secret.ts';
import type { Json } from '../world/json.ts';

export interface Tokens {
  access_token: Secret;
  refresh_token: Secret | null;
  id_token: Secret | null;
  /** As granted; the asked one where the answer names none (RFC 6749 section 5.1). */
  scope: string;
  /** ms; null: unknown, so a 401 tells; 0: stale at once. */
  lifetime: number | null;
  warnings: string[];
}

export type TokenAnswer =
  | { ok: true; tokens: Tokens }
  /** `error` is the provider's own word when it answered with one. */
  | { ok: false; reason: 'provider_unavailable' | 'malformed_response' | 'refused'; error?: string };

const longestToken = 16_384;
const longestLife = 24 * 3_600_000;

export function readTokenAnswer(answer: { status: number; body: string }, askedScope: string): TokenAnswer {
  // RFC 6749 section 5.2 answers are 400 or 401; a 5xx or 429 says nothing about the grant (T1).
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408)
    return { ok: false, reason: 'provider_unavailable' };
  const body = jsonObject(answer.body);
  if (body === undefined) return { ok: false, reason: 'malformed_response' };
  // Some providers answer 200 with an error (T4).
  if (typeof body.error === 'string') return { ok: false, reason: 'refused', error: knownError(body.error) };
  if (answer.status !== 200) return { ok: false, reason: 'malformed_response' };
  return readTokens(body, askedScope);
}

function readTokens(body: { [key: string]: Json }, askedScope: string): TokenAnswer {
  const malformed: TokenAnswer = { ok: false, reason: 'malformed_response' };
  const type = body.token_type;
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return malformed;
  if (!isCleanToken(body.access_token)) return malformed;
  const refresh = body.refresh_token ?? null;
  if (refresh !== null && !isCleanToken(refresh)) return malformed;
  const idToken = body.id_token ?? null;
  if (idToken !== null && !isCleanToken(idToken)) return malformed;
  const scope = readScope(body.scope, askedScope);
  if (scope === undefined) return malformed;
  const life = readLifetime(body.expires_in);
  return {
    ok: true,
    tokens: {
      access_token: new Secret(body.access_token),
      refresh_token: refresh === null ? null : new Secret(refresh),
      id_token: idToken === null ? null : new Secret(idToken),
      scope,
      lifetime: life.lifetime,
      warnings: life.warning ? [life.warning] : [],
    },
  };
}

/** Missing or null: unknown. Text that is no number: unknown, with a warning. Not more than a day, then it is looked at again (T7). */
export function readLifetime(value: Json | undefined): { lifetime: number | null; warning?: string } {
  if (value === undefined || value === null) return { lifetime: null };
  const seconds = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    return { lifetime: null, warning: 'expires_in is not a number' };
  if (seconds <= 0) return { lifetime: 0, warning: 'expires_in is not positive' };
  return { lifetime: Math.min(Math.floor(seconds) * 1_000, longestLife) };
}

/** A missing scope means "as asked" (T9); more than asked is never used (T10). */
function readScope(value: Json | undefined, asked: string): string | undefined {
  if (value === undefined || value === null || value === '') return asked;
  if (typeof value !== 'string' || value.length > 4_000) return undefined;
  const granted = new Set(value.split(/[\s,]+/));
  return asked
    .split(' ')
    .filter((scope) => granted.has(scope))
    .join(' ');
}

/** Visible ASCII only: a line break in a token would write headers of its own (T11). */
function isCleanToken(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestToken && /^[\x21-\x7e]+$/.test(value);
}

function jsonObject(text: string): { [key: string]: Json } | undefined {
  try {
    // JSON.parse gives Json by definition.
    const value = JSON.parse(text) as Json;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The error codes that are registered for token endpoints, and those that providers send besides. */
const errorCodes = new Set([
  'access_denied',
  'bad_verification_code',
  'consent_required',
  'expired_token',
  'interaction_required',
  'invalid_client',
  'invalid_dpop_proof',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'login_required',
  'server_error',
  'slow_down',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'use_dpop_nonce',
]);

/** For log and audit a code is one of a list: a careless provider may put the code or the token itself in its place (I7). */
function knownError(error: string): string {
  return errorCodes.has(error) ? error : 'an unregistered error code';
}
