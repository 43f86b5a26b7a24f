import { expect, test } from 'vitest';
import { readScript } from './read-script.ts';

test('what an old loop jumps to, sets and calls is seen, at its place', () => {
  const code = `for each (var order in botContext.getBotVariable('orders')) {
  botContext.setBotVariable('total', order, true, false);
  botContext.setTriggerNextMessage('shown');
}`;
  const read = readScript(code);
  expect(read).toMatchObject({
    ok: true,
    facts: { targets: [{ name: 'shown', line: 3, column: 36 }], jumpsAnywhere: false, sets: ['total'], setsAny: false },
  });
  expect(read.ok && read.facts.functions.map(({ name, line, column }) => `${name} ${line}:${column}`).sort()).toEqual([
    'getBotVariable 1:35',
    'setBotVariable 2:14',
    'setTriggerNextMessage 3:14',
  ]);
});

test('a fault beside an old loop is told where the author finds it', () => {
  expect(readScript('for each (x in list) { var = 1; }')).toMatchObject({ ok: false, line: 1, column: 28 });
  expect(readScript("for each (x in list) {}\nsay('for each (x in y)'")).toMatchObject({
    ok: false,
    line: 2,
    column: 24,
  });
});

test('a fault in a regular expression is told without all of it', () => {
  const read = readScript(`x = /(${' '.repeat(90_000)}/;`);
  expect(read).toMatchObject({
    ok: false,
    line: 1,
    message: expect.stringMatching(/Invalid.* … .*Unterminated group$/s),
  });
  expect(!read.ok && read.message.length).toBeLessThan(300);
});

const numbered = (count: number, one: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => one(at)).join('');

test.each([
  ['names in blocks', `${'{'.repeat(500)}${numbered(5_000, (at) => `var a${at};`)}${'}'.repeat(500)}`],
  ['names of one block', numbered(60_000, (at) => `let a${at};`)],
  ['groups of a regular expression', `/${'(?<a>)|'.repeat(14_000)}/`],
  ['code', 'a;'.repeat(600_000)],
])('too many %s are not read: the script may be well', (_name, code) => {
  expect(readScript(code)).toMatchObject({ ok: false, unread: true });
});

test('labels are counted, too', () => {
  const allowance = { left: 10_000 };
  readScript(`${numbered(300, (at) => `a${at}:`)};`, allowance);
  expect(allowance.left).toBeLessThan(10_000 - 300 * 4 - 400);
});

test('what scripts are made of costs little more than its length', () => {
  const allowance = { left: 100_000 };
  const code = numbered(300, (at) => `function f${at}(a, b) { var c = a + b; let d = /x+/.test(c); return d; }\n`);
  expect(readScript(code, allowance)).toMatchObject({ ok: true });
  expect(allowance.left).toBeGreaterThan(100_000 - 1.3 * code.length);
});
