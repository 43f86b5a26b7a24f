import type { Haystack } from './byte-search.ts';
import type { CanaryStage } from './canary-stage.ts';

/** Everything the Account API, and what needs no key, shows. */
export async function shownByAccount({ outsider, server }: CanaryStage): Promise<Haystack[]> {
  const lists = ['conversations', 'connections', 'audit', 'bots', 'credentials', 'identity-providers', 'environments'];
  const found = await Promise.all(lists.map(async (name) => ({ name, items: await outsider.list(`/${name}`) })));
  const shown = found.map(({ name, items }) => haystack(`list of ${name}`, items));
  for (const { name, items } of found) {
    if (name === 'connections' || name === 'audit') continue;
    for (const { id } of items) shown.push(haystack(`${name} ${id}`, await outsider.read(`/${name}/${id}`)));
    if (name !== 'conversations') continue;
    for (const { id } of items) shown.push(haystack(`trace ${id}`, await outsider.list(`/${name}/${id}/trace`)));
  }
  for (const path of ['/metrics', '/openapi.json', '/schemas/bot.json', '/healthz', '/readyz']) {
    const answer = await fetch(server().url + path);
    shown.push(haystack(path, [await answer.text(), ...answer.headers]));
  }
  return shown;
}

/** Everything the Consumer API shows, long poll and stream, headers included. */
export async function shownByConsumers({ consumers }: CanaryStage): Promise<Haystack[]> {
  const shown: Haystack[] = [];
  for (const consumer of consumers) {
    const events = await consumer.call('GET', '/events?after=0');
    const connections = await consumer.call('GET', '/connections');
    const name = `consumer of ${consumer.id}`;
    const texts = [await events.text(), await connections.text(), ...events.headers, ...connections.headers];
    shown.push(haystack(name, [consumer.seen, texts]));
  }
  return shown;
}

/**
 * What browsers got. Where the protocol itself carries a state or a code, in the redirect to the provider and in the
 * callback's own address, that address is left out.
 */
export function shownByPages({ hops, proxy }: CanaryStage): Haystack[] {
  return hops.map(({ method, url, status, headers, body }) => {
    const isCallback = new URL(url).pathname.startsWith('/callback/');
    const address = isCallback ? '(callback)' : url;
    const shown = [...headers].filter(
      ([name, value]) => name !== 'location' || !value.startsWith(`${proxy.url}/auth?`),
    );
    return haystack(`${method} ${address} ${status}`, [address, shown, body]);
  });
}

/** Texts by themselves: JSON's own escapes would hide something. */
function haystack(name: string, value: unknown): Haystack {
  const texts: string[] = [];
  collect(value, texts);
  return { name, bytes: Buffer.from([JSON.stringify(value), ...texts].join('\n')) };
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) {
      into.push(key);
      collect(member, into);
    }
}
