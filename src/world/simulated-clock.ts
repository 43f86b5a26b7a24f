import type { Clock } from './world.ts';

export interface SimulatedClock extends Clock {
  /** Time goes on by so many ms; alarms that fall due ring in their order, each at its own time. */
  advance(ms: number): void;
  /** How many alarms are set. */
  alarms(): number;
  /** ms until the next alarm rings; undefined when none is set. */
  next(): number | undefined;
}

/** A clock that stands still until it is told to go on. */
export function simulatedClock(start: number): SimulatedClock {
  const waiting = new Map<object, { at: number; ring: () => void }>();
  let now = start;

  function nextBefore(end: number): [object, { at: number; ring: () => void }] | undefined {
    const due = [...waiting].filter(([, alarm]) => alarm.at <= end);
    return due.sort(([, one], [, other]) => one.at - other.at)[0];
  }

  return {
    now: () => now,
    alarm(ms, ring) {
      const key = {};
      waiting.set(key, { at: now + Math.max(ms, 0), ring });
      return () => void waiting.delete(key);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = nextBefore(end); next; next = nextBefore(end)) {
        const [key, alarm] = next;
        waiting.delete(key);
        now = Math.max(now, alarm.at);
        alarm.ring();
      }
      now = end;
    },
    alarms: () => waiting.size,
    next() {
      const due = [...waiting.values()].map(({ at }) => at);
      return due.length === 0 ? undefined : Math.max(Math.min(...due) - now, 0);
    },
  };
}
