/** `fetch` under the same guard, for oauth4webapi. It never follows a redirect: a 3xx is the answer. */
import { type Answer, type Egress, EgressError, type EgressFailure, type OutgoingRequest } from './egress.ts';

type Run = (request: OutgoingRequest, signal?: AbortSignal) => Promise<Answer | EgressFailure>;

const limits = { timeout_ms: 10_000, max_bytes: 1_000_000 };
const withoutBody = new Set([204, 205, 304]);

/**
 * Takes what a `fetch` takes as far as text bodies go; throws EgressError for every failure. The platform's own `Request`
 * is not made from the URL on purpose: its errors quote the URL, user name and all (TK-13).
 */
export function createGuardedFetch(run: Run): Egress['fetch'] {
  return async (input, init = {}) => {
    const given = input instanceof Request ? input : undefined;
    const payload = new Response(init.body ?? (given ? await given.text() : null));
    const headers = new Headers(init.headers ?? given?.headers);
    const type = payload.headers.get('content-type');
    if (init.body && type && !headers.has('content-type')) headers.set('content-type', type);
    const body = await payload.text();
    const result = await run(
      {
        method: init.method ?? given?.method ?? 'GET',
        url: given?.url ?? String(input),
        headers: Object.fromEntries(headers),
        ...(body === '' ? {} : { body }),
        ...limits,
      },
      init.signal ?? undefined,
    );
    if ('failed' in result) throw new EgressError(result);
    return toResponse(result);
  };
}

function toResponse(answer: Answer): Response {
  try {
    const body = withoutBody.has(answer.status) ? null : answer.body;
    return new Response(body, { status: answer.status, headers: answer.headers });
  } catch {
    throw new EgressError({ failed: 'broken', reason: 'The answer is broken.', sent: true });
  }
}
