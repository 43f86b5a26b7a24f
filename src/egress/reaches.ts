import type { Egress } from './egress.ts';

/** What a gateway says when there is nothing behind it (RFC 9110, 15.6). */
const gone = new Set([502, 503, 504]);

/**
 * Whether anything is there, asked with a HEAD of the front page. Only what is sure counts as "no": no connection, or a
 * gateway that says of the front page and of the place itself that nothing is behind it, since many hosts have nothing but
 * places. Who is slow is there; what may not be called is not asked. Those who ask at once share one look.
 */
export function createReaches(request: Egress['request']): Egress['reaches'] {
  const underWay = new Map<string, Promise<boolean>>();

  async function isGone(url: string, method: 'HEAD' | 'GET' | 'OPTIONS', timeout_ms: number) {
    const answer = await request({ method, url, headers: { accept: '*/*' }, timeout_ms });
    if ('failed' in answer) return answer.failed === 'unreachable' ? 'unreachable' : undefined;
    return gone.has(answer.status) ? 'gateway' : undefined;
  }

  async function look(place: { url: string; safe: boolean }, timeout_ms: number): Promise<boolean> {
    const { origin, pathname } = new URL(place.url);
    const why = await isGone(`${origin}/`, 'HEAD', timeout_ms);
    if (why !== 'gateway') return why === undefined;
    // Without its query, which may hold what a consumer wrote, and without any token: nothing is done there.
    return (await isGone(`${origin}${pathname}`, place.safe ? 'GET' : 'OPTIONS', timeout_ms)) === undefined;
  }

  return (place, timeout_ms) => {
    const key = JSON.stringify(place);
    const running = underWay.get(key) ?? look(place, timeout_ms).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}
