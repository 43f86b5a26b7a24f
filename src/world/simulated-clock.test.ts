import { expect, test } from 'vitest';
import { simulatedClock } from './simulated-clock.ts';

test('alarms ring in their order, each at its own time, those set meanwhile included', () => {
  const clock = simulatedClock(1_000);
  const rung: [string, number][] = [];
  const ring = (name: string) => () => void rung.push([name, clock.now()]);
  clock.alarm(30, ring('late'));
  clock.alarm(10, () => {
    ring('early')();
    clock.alarm(5, ring('between'));
  });
  clock.alarm(20, ring('cancelled'))();
  clock.alarm(31, ring('after'));
  clock.advance(30);
  expect(rung).toEqual([
    ['early', 1_010],
    ['between', 1_015],
    ['late', 1_030],
  ]);
  expect([clock.now(), clock.alarms()]).toEqual([1_030, 1]);
});

test('the next alarm is known, also one that is due already', () => {
  const clock = simulatedClock(1_000);
  expect(clock.next()).toBeUndefined();
  clock.alarm(50, () => {});
  clock.alarm(20, () => {});
  expect(clock.next()).toBe(20);
  clock.advance(20);
  expect(clock.next()).toBe(30);
});
