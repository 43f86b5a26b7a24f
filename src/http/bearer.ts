import type { FastifyRequest } from 'fastify';
import { Problem } from '../world/problem.ts';

/** The token of the `Authorization` header, the only place a token is taken from: never a URL, never a cookie. */
export function bearerToken(request: FastifyRequest): string {
  const found = /^bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i.exec(request.headers.authorization ?? '');
  if (!found?.[1]) throw new Problem('unauthorized', 'Send the token as "Authorization: Bearer <token>".');
  return found[1];
}
