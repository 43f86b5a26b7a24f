import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

const name = question('q', 'Name?', {
  rules: [{ when: { match: 'pattern', patterns: ['b*'] }, then: { go: 'next' } }],
});
const main = dialogOf('a', starter('s', 'main'), name, text('t', 'Hello {$userMessage}'));
const help = dialogOf('b', starter('s2', 'help'), text('h', 'Help!'));

/** A button question all of whose buttons are links. */
const links = (callback: string): Interaction => ({
  id: 'l',
  name: 'l',
  type: 'button_question',
  text: 'Visit us',
  buttons: [{ label: 'Site', type: 'link', callback }],
  rules: [{ when: { match: 'pattern', patterns: ['done'] }, then: { go: 'dialog', id: 'b' } }],
});

test('LP-113 a question whose buttons are links is come back to, with its rules', () => {
  const bot = converse(botOf([main, help, dialogOf('c', starter('s3', 'links'), links('https://shop.example'))]));
  bot.say('links');
  expect(bot.say('help').texts).toEqual(['Help!', 'Visit us']);
  expect(bot.say('done').texts[0]).toBe('Help!');
});

test('LP-112 LP-113 a fallback that asks something itself is answered, and then the question it came in the way of is asked again', () => {
  const menu = question('fq', 'Want the menu?', {
    rules: [{ when: { match: 'pattern', patterns: ['no'] }, then: { go: 'end' } }],
  });
  const fallback = { ...dialogOf('f', text('ft', 'Sorry'), menu), type: 'fallback' as const };
  const bot = converse(botOf([main, help, fallback]));
  bot.say('main');
  expect(bot.say('huh').texts).toEqual(['Sorry', 'Want the menu?']);
  expect(bot.say('no').texts).toEqual(['Name?']);
  expect(bot.say('bob').texts).toEqual(['Hello bob']);
  bot.say('main');
  bot.say('huh');
  // It is none to come back to itself.
  expect(bot.say('help').texts).toEqual(['Help!', 'Name?']);
});

test('LP-113 LP-127 an immediate reply ends the dialog that interrupted, and its question is come back to', () => {
  const at = { ...text('i', 'never'), pre_process: 'x' } as Interaction;
  const bot = converse(botOf([main, dialogOf('c', starter('s3', 'now'), at)]), {
    script: () => ({ effects: [{ type: 'reply_immediately', texts: ['Now'] }] }),
  });
  bot.say('main');
  expect(bot.say('now').texts).toEqual(['Now', 'Name?']);
  expect(bot.say('bob').texts).toEqual(['Hello bob']);
});

test('LP-112 a fallback that is not understood itself asks again, and is over with one answer', () => {
  const menu = question('fq', 'Want the menu?', {
    rules: [{ when: { match: 'pattern', patterns: ['no'] }, then: { go: 'end' } }],
  });
  const bot = converse(botOf([main, { ...dialogOf('f', menu), type: 'fallback' as const }]));
  bot.say('main');
  for (const typed of ['huh', 'what', 'pardon']) expect(bot.say(typed).texts).toEqual(['Want the menu?']);
  expect(bot.say('no').texts).toEqual(['Name?']);
  expect(bot.say('bob').texts).toEqual(['Hello bob']);
});

test('LP-113 a question of links that nothing leads on from does not come back for ever', () => {
  const { rules: _, ...map } = links('https://shop.example');
  const bot = converse(botOf([main, help, dialogOf('c', starter('s3', 'hours'), map)]));
  bot.say('hours');
  expect(bot.say('help').texts).toEqual(['Help!']);
});
