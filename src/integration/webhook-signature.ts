/**
 * Signatures of the calls to functions, as the Standard Webhooks specification has them (standardwebhooks.com): the
 * receiver recomputes HMAC-SHA-256 over `<webhook-id>.<webhook-timestamp>.<body>` with the secret that both know.
 */
import { createHmac } from 'node:crypto';
import type { Secret } from '../world/secret.ts';
import type { Random } from '../world/world.ts';

const prefix = 'whsec_';
const shortestKey = 24;
const longestKey = 64;

/** A new signing secret: `whsec_` and the base64 of 32 random bytes. */
export function newSigningSecret(random: Random): string {
  return `${prefix}${Buffer.from(random.bytes(32)).toString('base64')}`;
}

/** The key behind a `whsec_…` text, or undefined when it is none of 24 to 64 bytes. */
export function signingKey(text: string): Buffer | undefined {
  const encoded = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= shortestKey && key.length <= longestKey ? key : undefined;
}

export interface ToSign {
  /** The same for every try of one call: receivers tell a repetition by it. */
  id: string;
  /** When this try is made, epoch ms. */
  at: number;
  body: string;
}

/** The three headers of a signed webhook. Throws when the secret is no signing secret, which the Account API refuses. */
export function signatureHeaders(secret: Secret, { id, at, body }: ToSign): Record<string, string> {
  const key = signingKey(secret.reveal());
  if (!key) throw new Error('a webhook_signing credential holds no signing secret');
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
