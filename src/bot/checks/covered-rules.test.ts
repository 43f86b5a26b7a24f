import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';

const end = { go: 'end' };
const rule = (when: object, more: object = {}) => ({ when, then: end, ...more });
const pattern = (...patterns: string[]) => ({ match: 'pattern', patterns });
const said = (variable: string) => ({ variables: [{ variable, match: 'equals', value: '1' }], variables_match: 'all' });

/** Places of the rules that are never taken. */
function never(rules: object[], more: object = { type: 'text_question', text: '?' }): string[] {
  const question = { id: 'q', name: 'q', ...more, rules };
  const starter = { id: 's', name: 's', type: 'starter', patterns: ['hi'] };
  const set = {
    id: 't',
    name: 't',
    type: 'text',
    text: 't',
    rules: [{ set: [{ name: 'a', value: '1', scope: 'session' }], then: { go: 'next' } }],
  };
  return checkDocument({
    format: 'errand.bot/1',
    name: 'Bot',
    dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions: [starter, set, question] }],
    integrations: [
      { id: 'i', name: 'Orders', type: 'api', method: 'GET', url: 'https://a.example', response_variable: 'o' },
    ],
  }).problems.flatMap(({ path, message }) => (/never taken/.test(message) ? [path.replace(/^.*\/rules\//, '')] : []));
}

test.each([
  ['all patterns', [rule(pattern('*')), rule(pattern('yes'))]],
  ['all patterns before a value', [rule(pattern('no', '*')), rule({ match: 'exact', value: 'x' })]],
  ['the same patterns', [rule(pattern('yes', 'Sure*')), rule(pattern('YES'))]],
  ['the same pattern with a variable', [rule(pattern('yes')), rule(pattern('yes'), said('a'))]],
  ['all of a regular expression', [rule({ match: 'regex', regex: '^.*$' }), rule({ match: 'exact', value: 'x' })]],
  ['the same value', [rule({ match: 'exact', value: 'x' }), rule({ match: 'exact', value: 'x' })]],
  ['the same variables', [rule(pattern('yes'), said('a')), rule(pattern('yes'), said('a'))]],
  ['the same intent', [rule({ match: 'intent', intent: 'x' }), rule({ match: 'intent', intent: 'x' })]],
])('a rule behind one that takes %s is told', (_, rules) => {
  expect(never(rules)).toEqual(['1']);
});

test('a second rule for one end of a call is told', () => {
  const result = (status: string) => rule({ match: 'api_result', status });
  const call = { type: 'integration', integration: 'Orders' };
  expect(never([result('failure'), result('success'), result('failure')], call)).toEqual(['2']);
});

test.each([
  ['other patterns', [rule(pattern('yes')), rule(pattern('yes', 'sure'))]],
  ['patterns with exceptions', [rule({ ...pattern('*'), exclude: ['x'] }), rule(pattern('x'))]],
  ['a variable that the other does not ask for', [rule(pattern('*'), said('a')), rule(pattern('yes'))]],
  ['part of a regular expression', [rule({ match: 'regex', regex: 'a.*' }), rule(pattern('yes'))]],
  ['intents, which are tried first', [rule(pattern('*')), rule({ match: 'intent', intent: 'x' })]],
  ['no match, which is tried last', [rule({ match: 'no_match' }), rule(pattern('yes'))]],
])('a rule behind %s is not', (_, rules) => {
  expect(never(rules)).toEqual([]);
});
