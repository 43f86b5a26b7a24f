import { mask } from '../world/secret.ts';
import { type Json, parseJson } from '../world/json.ts';

/** Stand-ins for what bot code must not hold: a token, and the sign-in link (`design/delegation.md`, Handles). */
const tokenHandle = /errand:token:[A-Za-z0-9_-]+/g;
const signInHandle = /errand:sign-in:([A-Za-z0-9_-]+)/g;
const wholeToken = /^errand:token:[A-Za-z0-9_-]{22}$/;
const wholeSignIn = /^errand:sign-in:([A-Za-z0-9_-]+)$/;

/** The variables that only the platform fills. */
export const tokenVariable = 'cidp_accessToken';
export const linkVariable = 'external_auth_url';

/** A text for the consumer: token handles are hidden, the sign-in link's stand-in stays until delivery. */
export function hideTokens(text: string): string {
  return text.replace(tokenHandle, mask);
}

/** A value for the trace: neither handle shows. */
export function hideHandles(value: Json): Json {
  const text = JSON.stringify(value);
  return parseJson(text.replace(tokenHandle, mask).replace(signInHandle, mask));
}

export function isTokenHandle(value: Json): boolean {
  return typeof value === 'string' && wholeToken.test(value);
}

/** The attempt a sign-in link's stand-in belongs to. */
export function attemptOf(url: string): string | undefined {
  return wholeSignIn.exec(url)?.[1];
}
