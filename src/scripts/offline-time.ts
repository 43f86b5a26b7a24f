import { setImmediate } from 'node:timers/promises';
import { simulatedClock, type SimulatedClock } from '../world/simulated-clock.ts';

/** Time of a rehearsed conversation: it stands still, and jumps ahead wherever something only waits for it. */
export interface OfflineTime {
  clock: SimulatedClock;
  /** Marks work that takes real time, such as a script in its jail: meanwhile no alarm rings. */
  outside<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is busy any more; what waits for an alarm gets it at once. */
  settle(busy: () => boolean): Promise<void>;
}

/** A Monday morning: scripts see the same time in every run. Epoch ms. */
const start = Date.UTC(2026, 0, 5, 9);

/** So many idle turns of the event loop in a row mean that whatever is busy waits for the clock. */
const idleTurns = 50;

export function createOfflineTime(): OfflineTime {
  const clock = simulatedClock(start);
  let underWay = 0;
  let ended = Promise.withResolvers<void>();
  return {
    clock,
    async outside(work) {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
        ended.resolve();
        ended = Promise.withResolvers();
      }
    },
    async settle(busy) {
      for (let idle = 0; busy(); idle += 1) {
        if (underWay > 0) {
          await ended.promise;
          idle = 0;
        }
        await setImmediate();
        if (idle < idleTurns || underWay > 0) continue;
        const next = clock.next();
        if (next !== undefined) clock.advance(next);
        idle = 0;
      }
    },
  };
}
