import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../world/problem.ts';

/** bytes: what any request may take for its address, and once more for its headers. */
const usual = 16 * 1024;
/** bytes: a provider decides how long its answer is, and a description of 100 kB must not leave a sign-in hanging (P16). */
const longestCallback = 112 * 1024;

/** bytes: where the parser gives up, so that no connection holds more. */
export const maxHeaderSize = longestCallback + usual;

/**
 * The parser has one limit for all routes, and only the address of a callback may come near it: anything else that long
 * is refused, and its connection ends (LD-10).
 */
export function checkHead(request: FastifyRequest, reply: FastifyReply): void {
  const headers = request.raw.rawHeaders.reduce((sum, text) => sum + text.length, 0);
  const longestAddress = request.url.startsWith('/callback/') ? longestCallback : usual;
  if (headers > usual) refuse(reply, 'headers', usual);
  if (request.url.length > longestAddress) refuse(reply, 'path', longestAddress);
}

function refuse(reply: FastifyReply, pointer: 'headers' | 'path', limit: number): never {
  reply.header('connection', 'close');
  throw new Problem('invalid_body', 'The request is too long.', [
    { pointer, detail: `must not be longer than ${limit / 1024} kB` },
  ]);
}
