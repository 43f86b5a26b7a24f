import { type Clock, systemClock } from '../../src/world/world.ts';

/** The real clock, which a test can put forward: what falls due on the way rings at once. */
export interface MovableClock extends Clock {
  putForward(ms: number): void;
}

interface Alarm {
  due: number;
  ring(): void;
  cancel(): void;
}

export function createMovableClock(): MovableClock {
  const alarms = new Set<Alarm>();
  let ahead = 0;
  const now = () => systemClock.now() + ahead;
  return {
    now,
    alarm(ms, ring) {
      const alarm: Alarm = { due: now() + ms, ring: () => {}, cancel: () => {} };
      const cancel = systemClock.alarm(ms, () => alarm.ring());
      alarm.cancel = () => {
        alarms.delete(alarm);
        cancel();
      };
      alarm.ring = () => {
        alarm.cancel();
        ring();
      };
      alarms.add(alarm);
      return alarm.cancel;
    },
    putForward(ms) {
      ahead += ms;
      for (const alarm of [...alarms].sort((a, b) => a.due - b.due)) if (alarm.due <= now()) alarm.ring();
    },
  };
}
