import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Budget, compileExclude, compilePattern, normalise, stepsPerInput } from './pattern.ts';

function matches(pattern: string, text: string): boolean {
  return compilePattern(pattern).matches(normalise(text), plenty());
}

function plenty(): Budget {
  return { left: stepsPerInput };
}

test.each([
  ['(hi|hello|hey)*', 'Hello there', true],
  ['(hi|hello|hey)*', 'his order', true],
  ['(hi|hello|hey) *', 'hi you', true],
  ['(hi|hello|hey) *', 'his order', false],
  ['good (morning|afternoon|evening)*', 'Good evening!', true],
  ['*(nice|good|pleased) to (meet|see)*', 'so nice to meet you', true],
  ["(gday|g'day)*", 'G’day mate', true],
  ['*back*', 'please go back now', true],
  ['back', 'Back', true],
  ['back', 'go back', false],
  ['*(incorrect)', 'that is incorrect', true],
  ["*(don't|do not) agree*", 'I do not agree at all', true],
  ['Quiz Me!', 'quiz me!', true],
  ['Quiz Me!', 'quiz me', false],
  ['(thank(|s)|thank you)*', 'thanks a lot', true],
  ['*where*order*', 'where is my order?', true],
  ['a.c', 'abc', false],
  ['  Yes\n', 'yes', true],
  ['*', '', true],
])('LP-107 %j on %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('a pattern agrees with the regular expression it stands for', () => {
  const part = fc.constantFrom('a', 'b', '*', 'ab', '|', '(a|b)', '(|ab)', '(a*|b)');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.stringMatching(/^[ab]{0,8}$/), (parts, text) => {
      const regex = new RegExp(`^(?:${parts.join('').replaceAll('*', '.*')})$`);
      expect(matches(parts.join(''), text)).toBe(regex.test(text));
    }),
  );
});

test('a pattern that would make a backtracking matcher stall is matched in time linear in the text', () => {
  const evil = compilePattern(`${'(*a|*a)'.repeat(40)}b`);
  expect(evil.matches(normalise('a'.repeat(2_000)), plenty())).toBe(false);
});

test('LP-107 exclude keywords count as words, or as patterns where they have operators', () => {
  expect(compileExclude('no')(normalise('no thanks'), plenty())).toBe(true);
  expect(compileExclude('no')(normalise('now please'), plenty())).toBe(false);
  expect(compileExclude('*refund*')(normalise('i want a refund'), plenty())).toBe(true);
});

/** What a pattern costs against a text, in steps: the measure of work, whatever the machine does besides. */
function costOf(pattern: string, text: string): number {
  const budget = plenty();
  compilePattern(pattern).matches(normalise(text), budget);
  return stepsPerInput - budget.left;
}

test('ReDoS: stars without groups cost one walk through the text, however many there are', () => {
  expect(costOf(`${'*a'.repeat(497)}*b1*`, 'a'.repeat(2_000))).toBeLessThan(10_000);
  expect(costOf('*where*order*', 'where is my order?')).toBeLessThan(100);
});

test('ReDoS: groups whose literal pieces are not in the text are not looked at closer', () => {
  expect(costOf(`*(${'a|'.repeat(200)}b) to (meet|see)*`, 'a'.repeat(2_000))).toBeLessThan(10_000);
});

test('ReDoS: no pattern takes more than the budget, and nothing matches once it is used up', () => {
  const evil = compilePattern('(*a|*a)'.repeat(40));
  const budget: Budget = { left: 10_000 };
  expect(evil.matches('a'.repeat(2_000), budget)).toBe(false);
  expect(budget.left).toBeGreaterThan(-3_000);
  expect(compilePattern('*').matches('a', budget)).toBe(false);
});

test('a text that grows when it is folded is cut all the same', () => {
  expect(normalise('\u1e9e\u0130'.repeat(2_000)).length).toBeLessThanOrEqual(2_000);
});
