import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

const at = Date.UTC(2026, 11, 25, 4, 30);

test.each([
  ['UTC', { date: '12.25.2026', weekday: 'FRIDAY', minute: 4 * 60 + 30 }],
  ['America/Los_Angeles', { date: '12.24.2026', weekday: 'THURSDAY', minute: 20 * 60 + 30 }],
  ['Asia/Kathmandu', { date: '12.25.2026', weekday: 'FRIDAY', minute: 10 * 60 + 15 }],
])('LP-122 getHoursType: the clocks in %s', (zone, expected) => {
  expect(localTime(zone, at)).toEqual(expected);
});

test('LP-122 getHoursType: midnight is minute 0, and summer time counts', () => {
  expect(localTime('Europe/Berlin', Date.UTC(2026, 6, 1, 22, 0))).toMatchObject({ minute: 0, date: '07.02.2026' });
  expect(localTime('Europe/Berlin', Date.UTC(2026, 0, 1, 23, 0))).toMatchObject({ minute: 0, date: '01.02.2026' });
});

test.each(['', 'Mars/Base', '__proto__', '../etc', 'x'.repeat(200)])('there is no zone "%s"', (zone) => {
  expect(localTime(zone, at)).toBeNull();
});
