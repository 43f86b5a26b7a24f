import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe, groupOfEntry } from './describe.ts';
import { merge, parseEntry, type TraceEntry, turnsOf } from './entry.ts';

function entries(values: object[]): TraceEntry[] {
  return values
    .map((value, index) =>
      parseEntry({
        n: index + 1,
        turn: 1,
        at: `2026-01-01T10:00:00.${String(index * 10).padStart(3, '0')}Z`,
        ...value,
      }),
    )
    .filter((entry) => entry !== undefined);
}

test('polls that overlap or come late give each entry once, in order', () => {
  const all = entries(Array.from({ length: 6 }, () => ({ kind: 'note', text: 'x' })));
  fc.assert(
    fc.property(fc.array(fc.subarray(all)), (polls) => {
      const merged = [...polls, all].reduce<TraceEntry[]>(merge, []);
      expect(merged).toEqual(all);
    }),
  );
});

test('a turn is named after what set it off and timed from end to end', () => {
  const list = entries([
    { kind: 'message', from: 'consumer', text: 'where is my order?' },
    { kind: 'matched', by: 'starter', dialog: 'Orders', interaction: 'Start', pattern: '*order*' },
    { turn: 2, kind: 'sign_in', attempt_id: 'a', status: 'ended', outcome: 'granted' },
    { turn: 3, kind: 'note', text: 'a timer' },
  ]);
  expect(turnsOf(list).map(({ title, ms }) => [title, ms])).toEqual([
    ['“where is my order?”', 10],
    ['Sign-in granted', 0],
    ['By itself', 0],
  ]);
});

test('a log says where in the script it was', () => {
  const [log] = entries([
    { kind: 'log', level: 'warn', text: 'no token', hook: 'pre_process', interaction: 'Look up', line: 4, column: 3 },
  ]);
  expect(log && describe(log)).toEqual({
    label: 'Log',
    text: 'no token',
    detail: 'pre_process:4:3 · Look up',
    tone: 'wait',
  });
});

test.each([
  [
    { kind: 'understood', intents: [{ id: 'i', name: 'order', score: 0.876, rank: 'very_good' }], entities: [] },
    { label: 'Understood', text: '“order” (0.88, very good)', tone: 'good' },
  ],
  [
    { kind: 'understood', intents: [], entities: [{ entity: 'city', value: 'Paris', phrase: 'paris' }] },
    { text: 'no intent', detail: '@city: Paris', tone: 'plain' },
  ],
  [
    { kind: 'transfer', status: 'accepted', skill: 'orders', agent: 'Ann' },
    { label: 'Transfer', text: 'hand-over accepted to “orders”', detail: 'Ann', tone: 'good' },
  ],
  [
    { kind: 'route', bot_id: 'b', bot_name: 'Returns', bot_version: 3 },
    { text: 'to the bot “Returns”', detail: 'version 3' },
  ],
  [
    { kind: 'context', op: 'set', change: { op: 'set', of: 'user', namespace: 'cart', name: 'size', value: 2 } },
    { label: 'Context', text: 'set user.cart.size = 2' },
  ],
  [
    { kind: 'file', name: 'receipt.pdf', size: 12 },
    { label: 'File', text: 'receipt.pdf', detail: 'size: 12' },
  ],
  [
    {
      kind: 'message',
      from: 'bot',
      content: {
        type: 'vertical',
        elements: [
          { type: 'text', text: 'Kettle' },
          { type: 'button', title: 'Buy' },
        ],
      },
    },
    { label: 'Bot', text: 'Kettle · Buy', detail: '[Buy]' },
  ],
  [
    { kind: 'message', from: 'agent', text: 'Hello' },
    { label: 'Team', text: 'Hello' },
  ],
])('what happened is told in words: %j', (value, line) => {
  const [entry] = entries([value]);
  expect(entry && describe(entry)).toMatchObject(line);
});

test('a kind of tomorrow is told by its fields', () => {
  const [entry] = entries([{ kind: 'handover', to: 'agent', queue: { id: 3 } }]);
  expect(entry && describe(entry)).toMatchObject({ label: 'handover', text: 'to: agent, queue: {"id":3}' });
  expect(entry && groupOfEntry(entry)).toBe('bot');
});

test('what is no entry is left out', () => {
  expect([null, 7, 'x', {}, { n: 'one' }].map(parseEntry)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
