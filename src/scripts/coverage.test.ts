import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { coverageOf } from './coverage.ts';
import { linesOfCoverage } from './report.ts';
import { botOf, dialogOf, rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();

const choice: Interaction = {
  id: 'choice',
  name: 'choice',
  type: 'text_question',
  text: 'Left or right?',
  rules: [
    { when: { match: 'pattern', patterns: ['left'] }, then: { go: 'next' } },
    { name: 'to the right', when: { match: 'pattern', patterns: ['right'] }, then: { go: 'end' } },
  ],
};
const bot = botOf([
  dialogOf('go', 'go', choice, { id: 'end', name: 'end', type: 'text', text: 'There.' }),
  { ...dialogOf('off', 'off'), enabled: false },
]);

test('what no script has come to is named: interactions, and rules by name or number', async () => {
  const left = await run(bot, { turns: [{ say: 'go' }, { say: 'left' }] });
  expect(linesOfCoverage(coverageOf('bot.json', bot, left.trace))).toEqual([
    'bot.json:',
    '  interactions 3 of 3',
    '  rules 1 of 2',
    '    missed: go / choice / to the right',
  ]);
  const right = await run(bot, { turns: [{ say: 'go' }, { say: 'right' }] });
  expect(coverageOf('bot.json', bot, right.trace)).toMatchObject({
    interactions: { reached: 2, all: 3, missed: ['go / end'] },
    rules: { reached: 1, missed: ['go / choice / rule 1'] },
  });
  expect(coverageOf('bot.json', bot, [...left.trace, ...right.trace]).rules.missed).toEqual([]);
});
