import { expect, test } from 'vitest';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

test('LP-104 a starter pattern starts its dialog, whose statements follow each other until a question waits', () => {
  const bot = converse(
    botOf([dialogOf('d', starter('s', '*hello*'), text('a', 'One'), question('q', 'Two?'), text('b', 'Three'))]),
  );
  expect(bot.say('well hello you').texts).toEqual(['One', 'Two?']);
  expect(bot.say('anything').texts).toEqual(['Three']);
});

test('of two starters that match, the more literal pattern wins', () => {
  const bot = botOf([
    dialogOf('greet', starter('g', '(hi|hello)*'), text('ga', 'Hello')),
    dialogOf('order', starter('o', '*where*order*'), text('oa', 'Order')),
  ]);
  expect(converse(bot).say('hi, where is my order').texts).toEqual(['Order']);
});

test('disabled dialogs do not start, disabled interactions are passed over', () => {
  const off = { ...dialogOf('off', starter('s1', 'go'), text('x', 'never')), enabled: false };
  const on = dialogOf('on', starter('s2', 'go'), text('y', 'never', { enabled: false }), text('z', 'yes'));
  expect(converse(botOf([off, on])).say('go').texts).toEqual(['yes']);
});

test('LP-112 what nothing matches gets the fallback dialog, else the default response, else the platform sentence of the locale', () => {
  const fallback = { ...dialogOf('f', text('ft', 'You said {$userMessage}')), type: 'fallback' as const };
  expect(converse(botOf([fallback])).say('zzz').texts).toEqual(['You said zzz']);
  expect(converse(botOf([], { default_response: 'What?' })).say('zzz').texts).toEqual(['What?']);
  expect(converse(botOf([])).say('zzz').texts).toEqual([
    'Not able to understand your question. Can you please re-phrase it?',
  ]);
  expect(converse(botOf([]), {}, { locale: 'de' }).say('zzz').texts[0]).toContain('nicht verstanden');
});

test('LP-113 a starter that matches while a question waits interrupts it; afterwards the question is asked again', () => {
  const bot = converse(
    botOf([
      dialogOf(
        'a',
        starter('s', 'start'),
        question('q', 'Colour?', { rules: [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }] }),
        text('t', 'Red it is'),
      ),
      dialogOf('b', starter('s2', '*help*'), text('h', 'Here is help')),
    ]),
  );
  bot.say('start');
  expect(bot.say('help me').texts).toEqual(['Here is help', 'Colour?']);
  expect(bot.say('red').texts).toEqual(['Red it is']);
});

test('LP-106 a question with a "no match" rule is never interrupted, and the rule comes last wherever it stands', () => {
  const rules = [
    { when: { match: 'no_match' as const, message: 'Say yes or no' }, then: { go: 'current' as const } },
    { when: { match: 'pattern' as const, patterns: ['yes'] }, then: { go: 'next' as const } },
  ];
  const bot = converse(
    botOf([
      dialogOf('a', starter('s', 'start'), question('q', 'Sure?', { rules }), text('t', 'Fine')),
      dialogOf('b', starter('s2', '*help*'), text('h', 'Help')),
    ]),
  );
  bot.say('start');
  expect(bot.say('help').texts).toEqual(['Say yes or no', 'Sure?']);
  expect(bot.say('yes').texts).toEqual(['Fine']);
});

test('LP-113 skipPreviousDialog ends the interrupted question', () => {
  const bot = converse(
    botOf([
      dialogOf(
        'a',
        starter('s', 'start'),
        question('q', 'Colour?', { rules: [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }] }),
      ),
      dialogOf('b', starter('s2', 'help'), text('h', 'Help', { pre_process: 'skip' })),
    ]),
    {
      script: () => ({
        effects: [{ type: 'set_variable', name: 'skipPreviousDialog', value: 'true', scope: 'session' }],
      }),
    },
  );
  bot.say('start');
  expect(bot.say('help').texts).toEqual(['Help']);
});

test('LP-117 a reply no rule takes gets the fallback, and the question still waits', () => {
  const rules = [{ when: { match: 'exact' as const, value: 'red' }, then: { go: 'next' as const } }];
  const bot = converse(
    botOf([
      dialogOf(
        'a',
        starter('s', 'start'),
        question('q', 'Colour?', { rules, fallback_response: 'Red, please' }),
        text('t', 'Red'),
      ),
    ]),
  );
  bot.say('start');
  expect(bot.say('blue').texts).toEqual(['Red, please']);
  expect(bot.say('RED').texts).toEqual(['Red']);
});

test('LP-116 a chain of more than 10 interactions in a dialog is broken with the documented log line', () => {
  const loop = converse(
    botOf([dialogOf('d', starter('s', 'go'), text('a', 'again', { next: { go: 'current' } }))]),
  ).say('go');
  expect(loop.texts).toHaveLength(10);
  expect(loop.traces).toContainEqual({
    kind: 'guard',
    text: 'BREAKING THE INTERACTION FLOW. Reached max limit on daisy chaining of interactions: 10',
  });
});

test('LP-116 ten interactions in a row are said, the starter before them not counted, and a question after nine is asked', () => {
  const texts = Array.from({ length: 10 }, (_, at) => text(`t${at}`, `${at}`));
  expect(converse(botOf([dialogOf('d', starter('s', 'go'), ...texts)])).say('go').texts).toHaveLength(10);
  const asked = dialogOf('d', starter('s', 'go'), ...texts.slice(1), question('q', 'Well?'));
  expect(
    converse(botOf([asked]))
      .say('go')
      .texts.at(-1),
  ).toBe('Well?');
  const tooLong = dialogOf('d', starter('s', 'go'), ...texts, text('u', 'never'));
  expect(converse(botOf([tooLong])).say('go').texts).toHaveLength(10);
});

test('LP-116 a chain over more than 5 changes of dialog is broken with the documented log line', () => {
  const ring = converse(
    botOf([
      dialogOf('a', starter('s', 'go'), text('x', 'a', { next: { go: 'dialog', id: 'b' } })),
      dialogOf('b', text('y', 'b', { next: { go: 'dialog', id: 'a' } })),
    ]),
  ).say('go');
  expect(ring.texts).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(ring.traces).toContainEqual({
    kind: 'guard',
    text: 'Breaking the interaction flow because iteration count exceeded 5',
  });
});

test('closing ends the conversation: nothing is answered afterwards', () => {
  const bot = converse(
    botOf([dialogOf('d', starter('s', 'bye'), text('t', 'Bye', { next: { go: 'close_conversation' } }))]),
  );
  expect(bot.say('bye')).toMatchObject({ texts: ['Bye'], closed: true });
  expect(bot.say('bye').texts).toEqual([]);
});

test('BLANK_MESSAGE sends nothing; a long text is sent in parts', () => {
  const long = 'word '.repeat(300).trim();
  const bot = converse(
    botOf([dialogOf('d', starter('s', 'go'), text('a', 'BLANK_MESSAGE'), text('b', long, { delay_ms: 500 }))]),
  );
  const { messages } = bot.say('go');
  expect(messages).toHaveLength(2);
  expect(messages[0]?.delay_ms).toBe(500);
  expect(messages.map((message) => message.text).join(' ')).toBe(long);
});

test('LP-128 after the session length the dialog starts anew and only "forever" is remembered', () => {
  const set = [
    { name: 'a', value: '1', scope: 'session' as const },
    { name: 'b', value: '2', scope: 'forever' as const },
  ];
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        text('t', '{$botContext.a} {$botContext.b}', { rules: [{ set, then: { go: 'next' } }] }),
        question('q', 'Well?'),
      ),
    ]),
  );
  bot.say('go', 1_000);
  const later = bot.say('go', 1_000 + 61 * 60_000);
  expect(later.texts).toEqual(['{$botContext.a} 2', 'Well?']);
});

test('LP-113 a question that is asked again is asked whole, with its hooks and what they add', () => {
  const rules = [{ when: { match: 'pattern' as const, patterns: ['a'] }, then: { go: 'end' as const } }];
  const asked = question('q', 'Which?', { pre_process: 'add', rules });
  const bot = converse(
    botOf([dialogOf('d', starter('s', 'go'), asked), dialogOf('o', starter('h', 'hours'), text('t', 'At nine.'))]),
    { script: () => ({ effects: [{ type: 'add_quick_replies', replies: [{ title: 'A', payload: 'a' }] }] }) },
  );
  bot.say('go');
  const { messages, state } = bot.say('hours');
  expect(messages).toEqual([{ text: 'At nine.' }, { text: 'Which?', quick_replies: [{ title: 'A', payload: 'a' }] }]);
  expect(state.waiting?.interaction).toBe('q');
});
