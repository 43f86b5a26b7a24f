import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';

const problems = (regex: string) =>
  checkDocument({
    format: 'errand.bot/1',
    name: 'Bot',
    integrations: [],
    entities: [{ name: 'e', type: 'regex', regex }],
    dialogs: [
      {
        id: 'd',
        name: 'd',
        type: 'standard',
        interactions: [
          { id: 's', name: 's', type: 'starter', patterns: ['hi'] },
          {
            id: 'q',
            name: 'q',
            type: 'text_question',
            text: 'Which?',
            rules: [{ when: { match: 'regex', regex }, then: { go: 'end' } }],
          },
        ],
      },
    ],
  }).problems.map(({ severity, path }) => `${severity} ${path}`);

const entity = '/entities/0/regex';
const rule = '/dialogs/0/interactions/1/rules/0/when/regex';

test.each(['(?i)', '(?s)', '(?m)', '(?is)', '(?i)(?u)'])(
  '%s at the start is a flag, and what follows is looked at',
  (flags) => {
    expect(problems(`${flags}xyz.`)).toEqual([]);
    expect(problems(`${flags}(a+)+$`).sort()).toEqual([`warning ${rule}`, `warning ${entity}`]);
    expect(problems(`${flags}(`).sort()).toEqual([`error ${rule}`, `error ${entity}`]);
  },
);

test('flags that are none, and those in the middle, are told', () => {
  for (const regex of ['(?q)a', '(?x)a', 'a(?i)b']) expect(problems(regex)).toHaveLength(2);
});
