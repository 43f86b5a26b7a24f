import { Problem } from '../../world/problem.ts';

/** Streams and long polls at once of one conversation: some tabs, not a flood. */
const most = 20;

/** Who waits for events: bounded by conversation, and ended together when the server stops. */
export interface OpenReaders {
  /** Returns what takes the reader out again. Throws `rate_limited`. */
  enter(conversation_id: string, end: () => void): () => void;
  endAll(): void;
  count(): number;
}

export function createOpenReaders(): OpenReaders {
  const readers = new Map<string, Set<() => void>>();
  return {
    enter(conversation_id, end) {
      const mine = readers.get(conversation_id) ?? new Set();
      if (mine.size >= most) throw new Problem('rate_limited', `A conversation has at most ${most} open readers.`);
      readers.set(conversation_id, mine.add(end));
      return () => {
        mine.delete(end);
        if (mine.size === 0 && readers.get(conversation_id) === mine) readers.delete(conversation_id);
      };
    },
    endAll() {
      for (const mine of readers.values()) for (const end of Array.from(mine)) end();
    },
    count: () => [...readers.values()].reduce((sum, mine) => sum + mine.size, 0),
  };
}
