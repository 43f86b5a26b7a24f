import type { Clock } from '../../src/world/world.ts';
import type { Source } from '../snapshot.ts';
import { merge, type TraceEntry } from '../trace/entry.ts';
import type { DemoApi } from './demo-api.ts';

export interface TraceFeed extends Source<readonly TraceEntry[]> {
  /** Follows another conversation; none: nothing to see. */
  follow(conversationId: string | undefined): void;
  /** There is probably news: look at once. */
  nudge(): void;
  stop(): void;
}

const every = 1_000;

/** The trace of one conversation as it grows. */
export function createTraceFeed({ api, clock }: { api: Pick<DemoApi, 'trace'>; clock: Clock }): TraceFeed {
  const listeners = new Set<() => void>();
  let entries: readonly TraceEntry[] = [];
  let followed: string | undefined;
  let looking = false;
  let cancel = () => {};
  const set = (next: readonly TraceEntry[]) => {
    entries = next;
    for (const hear of listeners) hear();
  };
  const look = async () => {
    cancel();
    const asked = followed;
    if (!asked || looking) return;
    looking = true;
    const news = await api.trace(asked, entries.at(-1)?.n ?? 0);
    looking = false;
    if (asked === followed && news?.length) set(merge(entries, news));
    if (followed) cancel = clock.alarm(asked === followed ? every : 0, () => void look());
  };
  return {
    snapshot: () => entries,
    subscribe(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    follow(conversationId) {
      if (conversationId === followed) return;
      followed = conversationId;
      set([]);
      void look();
    },
    nudge: () => void look(),
    stop() {
      followed = undefined;
      cancel();
    },
  };
}
