import type { Bus } from './bus.ts';

/** The bus of a server that is alone: hearers in the same process, called after the publisher's own step is done. */
export function createLocalBus(): Bus {
  const hearers = new Map<string, Set<(body: string) => void>>();
  let closed = false;

  /** Each hearer in a step of its own: one's fault is not the next one's, and an ended subscription hears no more. */
  function deliver(topic: string, body: string): void {
    for (const hear of hearers.get(topic) ?? []) {
      queueMicrotask(() => {
        if (hearers.get(topic)?.has(hear)) hear(body);
      });
    }
  }

  return {
    publish(topic, body) {
      if (!closed) deliver(topic, body);
    },
    subscribe(topic, hear) {
      // A wrapper of its own, so that the same function may be subscribed twice.
      const own = (body: string) => hear(body);
      const all = hearers.get(topic) ?? new Set();
      hearers.set(topic, all.add(own));
      return () => {
        all.delete(own);
        if (all.size === 0 && hearers.get(topic) === all) hearers.delete(topic);
      };
    },
    async close() {
      closed = true;
      hearers.clear();
    },
  };
}
