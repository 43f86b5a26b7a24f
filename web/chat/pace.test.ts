import { expect, test } from 'vitest';
import { createPace } from './pace.ts';
import { rowsOf } from './rows.tsx';
import { simulatedClock } from './simulated-clock.test-parts.ts';
import { type ChatEvent, parseEvent } from './wire.ts';

function said(...delays: number[]): ChatEvent[] {
  return delays.flatMap((delay_ms, at) => {
    const event = parseEvent({ seq: at + 1, at: '', type: 'message', from: 'bot', text: `${at + 1}`, delay_ms });
    return event && event.type !== 'typing' ? [event] : [];
  });
}

function paced() {
  const { clock, pass } = simulatedClock();
  let shown = 0;
  const pace = createPace({
    clock,
    shown: () => shown,
    show(seq) {
      shown = seq;
    },
  });
  return { pace, pass, shown: () => shown };
}

test('LP-117 a message with a delay waits for it, and those after it wait behind it', () => {
  const { pace, pass, shown } = paced();
  pace.follow(said(0, 2_000, 0, 1_000));
  expect(shown()).toBe(1);
  pass(1_999);
  expect(shown()).toBe(1);
  pass(1);
  expect(shown()).toBe(3);
  pass(1_000);
  expect(shown()).toBe(4);
});

test('what is heard meanwhile keeps its place', () => {
  const { pace, pass, shown } = paced();
  pace.follow(said(2_000));
  pace.follow(said(2_000, 0));
  expect(shown()).toBe(0);
  pass(2_000);
  expect(shown()).toBe(2);
});

test('once stopped, nothing is shown any more', () => {
  const { pace, pass, shown } = paced();
  pace.follow(said(2_000));
  pace.stop();
  pass(5_000);
  expect(shown()).toBe(0);
});

test('no delay is longer than an author may ask for', () => {
  expect(said(86_400_000, -1)).toMatchObject([{ delay_ms: 10_000 }, { delay_ms: 0 }]);
});

test('LP-141 quick replies stand in rows as wide as the author wants, eight at most, in three rows at most', () => {
  const replies = Array.from({ length: 24 }, (_, at) => at);
  expect(rowsOf(replies, 8).map(({ length }) => length)).toEqual([8, 8, 8]);
  expect(rowsOf(replies, 2).map(({ length }) => length)).toEqual([2, 2, 20]);
  expect(rowsOf(replies, 99).map(({ length }) => length)).toEqual([8, 8, 8]);
  expect(rowsOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(rowsOf([], 2)).toEqual([]);
});
