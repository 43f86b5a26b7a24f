import type { Clock } from '../../src/world/world.ts';

/** Rings its alarms only when told to. */
export function simulatedClock() {
  let alarms: { due: number; ring: () => void }[] = [];
  let now = 1_000;
  const clock: Clock = {
    now: () => now,
    alarm(ms, ring) {
      const alarm = { due: now + ms, ring };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((other) => other !== alarm);
      };
    },
  };
  const pass = (ms: number) => {
    now += ms;
    const due = alarms.filter((alarm) => alarm.due <= now);
    alarms = alarms.filter((alarm) => alarm.due > now);
    for (const { ring } of due) ring();
  };
  return { clock, pass };
}
