import type { FastifyReply } from 'fastify';

/**
 * On every answer; pages set their own policy over it. JSON must never be run, framed or sniffed as something else,
 * and nothing here is for a shared cache. No COOP: some pages run in a window that the chat opened.
 */
const constant = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
} as const;

export function securityHeaders(secure: boolean): Record<string, string> {
  return secure ? { ...constant, 'strict-transport-security': 'max-age=31536000' } : constant;
}

export function setSecurityHeaders(reply: FastifyReply, publicUrl: string): void {
  reply.headers(securityHeaders(publicUrl.startsWith('https:')));
}
