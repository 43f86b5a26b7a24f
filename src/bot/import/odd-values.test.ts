import { expect, test } from 'vitest';
import { importLivePerson } from './import-liveperson.ts';

const condition = { matchType: 'PATTERN', patternMatch: { patterns: ['yes'] } };
const question = (rule: object, more: object = {}) => ({
  conversationMessage: [
    { id: 'q', interactionType: 'TEXT_QUESTION', responseMatches: [{ name: 'r', ...rule }], ...more },
  ],
});
const rulesOf = (json: object) => {
  const { document, report, warnings } = importLivePerson(json);
  const [one] = document.dialogs[0]?.interactions ?? [];
  return { rules: one?.rules ?? [], report, warnings };
};

test.each([
  [{ conditions: condition }],
  [{ conditions: 'x' }],
  [{ conditions: [5] }],
  [{ conditions: [null] }],
  [{ conditions: [condition, { matchType: 'MOOD' }] }],
  [{ conditions: [condition], contextConditions: { matchType: 'ANY', contextName: 'x' } }],
  [{ conditions: [condition], contextConditions: 'x' }],
  [{ conditions: [condition], contextConditions: [null] }],
])('LP-148 a rule is never taken without a condition that could not be read: %j', (rule) => {
  const { rules, report, warnings } = rulesOf(question(rule));
  expect(rules).toEqual([]);
  const left = expect.objectContaining({
    path: '/conversationMessage/0/responseMatches/0',
    message: expect.stringMatching(/left out/),
  });
  expect(report.ignored).toContainEqual(left);
  expect(warnings).toContainEqual(left);
});

test.each([[{}], [{ conditions: [] }], [{ conditions: null }], [{ conditions: {} }], [{ contextConditions: '' }]])(
  'LP-148 a rule that has none is one: %j',
  (rule) => {
    const { rules } = rulesOf(question({ ...rule, contextDataVariables: [{ name: 'x', value: '1' }] }));
    expect(rules).toHaveLength(1);
  },
);

test('LP-148 a text where a list of texts belongs is a list of one', () => {
  const json = question(
    { conditions: [{ ...condition, patternMatch: { patterns: 'yes', excludeKeywords: 'not' } }] },
    {},
  );
  json.conversationMessage.push({
    id: 's',
    interactionType: 'DIALOG_STARTER',
    pattern: 'go',
    nextMessageId: 'q',
  } as never);
  const { document, report } = importLivePerson(json);
  const [starter, asked] = document.dialogs[0]?.interactions ?? [];
  expect(starter).toMatchObject({ patterns: ['go'] });
  expect(asked?.rules).toMatchObject([{ when: { match: 'pattern', patterns: ['yes'], exclude: ['not'] } }]);
  expect(report.ignored).toEqual([]);
});

const tile = (more: object) => ({ contentType: 'STATIC', results: { tile: { tileData: [more] } } });
const text = (more: object) => ({ conversationMessage: [{ id: 'a', interactionType: 'TEXT', ...more }] });
const call = (more: object) => ({
  conversationMessage: [],
  responder: [{ id: 'r', name: 'R', webhook: 'https://a.example', ...more }],
});
const message = '/conversationMessage/0';
const rule = `${message}/responseMatches/0`;

test.each<[object, string]>([
  [text({ interactionType: 'DIALOG_STARTER', pattern: [['go']] }), `${message}/pattern/0`],
  [text({ interactionType: 'DIALOG_STARTER', pattern: { 0: 'go' } }), `${message}/pattern`],
  [text({ preProcessMessage: ['x()'] }), `${message}/preProcessMessage`],
  [text({ status: ['INACTIVE'] }), `${message}/status`],
  [text({ interactionDelay: 'soon' }), `${message}/interactionDelay`],
  [text({ content: tile({ text: ['hello'] }) }), `${message}/content/results/tile/tileData/0/text`],
  [text({ content: tile({ text: { en: 'hello' } }) }), `${message}/content/results/tile/tileData/0/text`],
  [
    question({ conditions: [{ matchType: 'NO_MATCH', noMatch: { fallbackMessage: {} } }], action: { value: ['x'] } }),
    `${rule}/action/value`,
  ],
  [
    question({ conditions: [{ ...condition, patternMatch: { patterns: [{}] } }] }),
    `${rule}/conditions/0/patternMatch/patterns/0`,
  ],
  [
    question({ conditions: [{ matchType: 'NO_MATCH', noMatch: { fallbackMessage: { a: 1 } } }] }),
    `${rule}/conditions/0/noMatch/fallbackMessage`,
  ],
  [question({ contextDataVariables: [{ name: 'x', value: ['1'] }] }), `${rule}/contextDataVariables/0/value`],
  [call({ postBody: { a: 1 } }), '/responder/0/postBody'],
  [call({ method: ['POST'] }), '/responder/0/method'],
  [{ ...text({}), globalFunctions: { methods: ['f()'] } }, '/globalFunctions/methods'],
  [{ ...text({}), bot: { sessionLength: 'soon' } }, '/bot/sessionLength'],
])('LP-148 what is of another type than in other exports is reported where it is: %j', (json, path) => {
  expect(importLivePerson(json).report.ignored.map((entry) => entry.path)).toContain(path);
});

test('LP-148 a scope that nobody knows is reported', () => {
  const { rules, report } = rulesOf(question({ contextDataVariables: [{ name: 'x', value: '1', scope: 'WEIRD' }] }));
  expect(rules).toMatchObject([{ set: [{ name: 'x', scope: 'session' }] }]);
  expect(report.approximated).toContainEqual({ path: rule, message: expect.stringMatching(/scope "WEIRD"/) });
});
