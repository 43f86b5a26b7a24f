import type { Clock } from '../world/world.ts';

/** A clock that stands until it is moved; alarms ring in order while it passes them. */
export function createManualClock(start = 1_800_000_000_000): Clock & { pass(ms: number): void } {
  let now = start;
  let alarms: { at: number; ring: () => void }[] = [];
  return {
    now: () => now,
    alarm(ms, ring) {
      const alarm = { at: now + ms, ring };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((other) => other !== alarm);
      };
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = next.at;
        alarms = alarms.filter((other) => other !== next);
        next.ring();
      }
      now = end;
    },
  };
}
