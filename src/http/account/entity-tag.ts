import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../world/problem.ts';

export function setEntityTag(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`);
}

/** Whether the caller has this version already, as `If-None-Match` says: then nothing but 304 is answered (RFC 9110, 13.1.2). */
export function isKnown(request: FastifyRequest, version: number): boolean {
  const tags = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(`"${version}"`);
}

/** The version that `If-Match` asks for; undefined where it asks for none. Throws `precondition_failed` for what we never gave. */
export function expectedVersion(request: FastifyRequest): { version?: number } {
  const asked = request.headers['if-match'];
  if (asked === undefined || asked.trim() === '*') return {};
  const [, version] = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(asked) ?? [];
  if (version === undefined) throw new Problem('precondition_failed', 'If-Match is not the ETag of this resource.');
  return { version: Number(version) };
}
