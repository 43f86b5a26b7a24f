import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from './check.ts';
import type { Interaction } from './document.ts';

test('the bot of the documentation has no problems and shows every type of interaction that an author writes', () => {
  const file = new URL('../../docs/examples/first-bot.json', import.meta.url);
  const checked = checkDocument(JSON.parse(readFileSync(file, 'utf8')));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(checked.problems).toEqual([]);
  const shown = new Set(checked.document.dialogs.flatMap(({ interactions }) => interactions.map(({ type }) => type)));
  const types: Interaction['type'][] = [
    'starter',
    'text',
    'text_question',
    'button_question',
    'quick_reply',
    'multiple_choice',
    'integration',
  ];
  expect([...shown].sort()).toEqual(types.sort());
});
