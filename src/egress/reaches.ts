import type { Egress } from './egress.ts';

/** What a gateway says when there is nothing behind it (RFC 9110, 15.6). */
const gone = new Set([502, 503, 504]);

/**
 * Whether anything is there, asked with a HEAD of the front page. Only what is sure counts as "no": no connection, or a
 * gateway with nothing behind it. Who is slow, or does not
 * know HEAD, is there; what may not be called is not asked.
 */
export function createReaches(request: Egress['request']): Egress['reaches'] {
  return async (origin, timeout_ms) => {
    const answer = await request({ method: 'HEAD', url: `${origin}/`, headers: { accept: '*/*' }, timeout_ms });
    return 'failed' in answer ? answer.sent || answer.failed === 'blocked' : !gone.has(answer.status);
  };
}
