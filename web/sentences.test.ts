import { expect, test } from 'vitest';
import { outcomeGroups } from '../src/bot/outcome.ts';
import { endedSentence, sentencesFor } from './sentences.ts';

test('every way a sign-in can end has a sentence of its own or of its group', () => {
  const members = Object.entries(outcomeGroups).flatMap(([group, names]) =>
    ['success', 'failure'].includes(group) ? [] : names,
  );
  for (const outcome of members) expect(endedSentence(outcome), outcome).not.toBe('ended.other');
  expect(endedSentence(undefined)).toBe('ended.other');
  expect(endedSentence('of_tomorrow')).toBe('ended.other');
});

test('German for German locales, English for all others', () => {
  expect(sentencesFor('de-AT')('send')).toBe('Senden');
  expect(sentencesFor('fr')('typing', { bot: 'Order desk' })).toBe('Order desk is typing…');
});
