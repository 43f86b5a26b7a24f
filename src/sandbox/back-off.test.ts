import { expect, test } from 'vitest';
import { simulatedClock } from '../world/simulated-clock.ts';
import { createBackOff } from './back-off.ts';
import type { SandboxRun } from './sandbox.ts';

const script = (code: string, tenant = 'a'): SandboxRun => ({ api: 'bot', tenant, input: { code, scope: {} } });

function restOf(times: number): number {
  const clock = simulatedClock(0);
  const backOff = createBackOff(clock);
  let rested = 0;
  for (let time = 0; time < times; time++) {
    backOff.ended(script('x'), true);
    for (rested = 0; backOff.isResting(script('x')); rested += 1_000) clock.advance(1_000);
  }
  return rested;
}

test('each time that follows another rests twice as long, up to half a minute', () => {
  expect([1, 2, 3, 4, 5, 6].map(restOf)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('only the same code of the same tenant rests, whatever it is run on; a good run ends it', () => {
  const backOff = createBackOff(simulatedClock(0));
  backOff.ended(script('x'), true);
  expect(backOff.isResting({ ...script('x'), input: { code: 'x', scope: { user_message: 'other' } } })).toBe(true);
  expect(backOff.isResting(script('y'))).toBe(false);
  expect(backOff.isResting(script('x', 'b'))).toBe(false);
  backOff.ended(script('x'), false);
  expect(backOff.isResting(script('x'))).toBe(false);
});

test("a regular expression rests for one conversation: a consumer's words never refuse a question to the others", () => {
  const backOff = createBackOff(simulatedClock(0));
  const regex = (lane: string) => ({
    api: 'regex' as const,
    tenant: 'a',
    lane,
    input: { text: '', regexes: ['^(a+)+$'] },
  });
  backOff.ended(regex('one'), true);
  expect(backOff.isResting(regex('one'))).toBe(true);
  expect(backOff.isResting(regex('two'))).toBe(false);
});

test('runs side by side that end together count once', () => {
  const clock = simulatedClock(0);
  const backOff = createBackOff(clock);
  backOff.ended(script('x'), true);
  backOff.ended(script('x'), true);
  clock.advance(2_000);
  expect(backOff.isResting(script('x'))).toBe(false);
});
