import { expect, test } from 'vitest';
import { notesOfChanging } from './changing-values.ts';

test('chance and the clock in scripts are noted, and nothing where there is neither', () => {
  const notes = (code: string) => notesOfChanging({ turns: [] }, ['conv_1'], [{ global_functions: code }]);
  for (const code of ['Math.random()', 'var t = Date.now();', 'new Date()', 'new Date( ).getHours()'])
    expect(notes(code)).toEqual([expect.stringMatching(/random numbers or the time/)]);
  for (const code of ['', 'new Date(2026, 1, 1)', 'Math.round(1.5)']) expect(notes(code)).toEqual([]);
});

test('reading what other conversations may have put into the global context is noted, and writing it is not', () => {
  const notes = (code: string) => notesOfChanging({ turns: [] }, [], [{ global_functions: code }]);
  expect(notes("botContext.getGlobalContextData('shop', 'open')")).toEqual([expect.stringMatching(/global context/)]);
  for (const name of ['setGlobalContextData', 'getContextDataForUser', 'getContextDataForConversation'])
    expect(notes(`botContext.${name}('shop', 'open', true)`)).toEqual([]);
});
