import { expect, test } from 'vitest';
import type { BotDocument, Dialog, Interaction, Rule } from '../bot/document.ts';
import { type Answers, botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';
import type { Facts, FoundEntity, Understanding, UnderstoodIntent } from './step.ts';

const intents = [
  { id: 'i1', name: 'Track order', phrases: ['where is my order'] },
  { id: 'i2', name: 'Cancel order', phrases: ['cancel my order'] },
  { id: 'i3', name: 'Refund', phrases: ['refund'] },
  { id: 'i4', name: 'No dialog', phrases: ['nothing'] },
];

function byIntent(id: string, intent: string, more: Partial<Extract<Interaction, { type: 'starter' }>> = {}) {
  return { id, name: id, type: 'starter', intent, ...more } as const;
}

const track = dialogOf('track', byIntent('s1', 'i1'), text('t1', 'Tracking'));
const cancel = dialogOf('cancel', byIntent('s2', 'cancel ORDER'), text('t2', 'Cancelling'));
const refund = dialogOf('refund', byIntent('s3', 'i3'), text('t3', 'Refunding'));
const shop = (more: Partial<BotDocument> = {}, ...dialogs: Dialog[]) =>
  botOf([track, cancel, refund, ...dialogs], { intents, ...more });

/** What is understood: intent ids with ranks, the most certain last to show that the order given does not matter. */
function means(...said: [id: string, rank: UnderstoodIntent['rank']][]): Understanding {
  const scores = { very_good: 0.9, good: 0.75, fair_plus: 0.6, fair: 0.45, none: 0.1 };
  const understood = said.map(([id, rank], at) => ({
    id,
    name: intents.find((intent) => intent.id === id)?.name ?? id,
    score: scores[rank] - at / 1_000,
    rank,
  }));
  return { intents: understood.reverse(), entities: [] };
}

const answering = (understanding: Understanding): Answers => ({ understand: () => understanding });
const heard = (document: BotDocument, understanding: Understanding, about: Partial<Facts> = {}) =>
  converse(document, answering(understanding), about);

test('LP-115 very good or good starts the dialog of the highest score, whatever else is possible', () => {
  const both = means(['i2', 'good'], ['i1', 'good'], ['i3', 'fair_plus']);
  const said = heard(shop(), both).say('stop that order');
  expect(said.texts).toEqual(['Cancelling']);
  expect(said.traces).toContainEqual({ kind: 'matched', by: 'intent', dialog: 'cancel', interaction: 's2' });
});

test('LP-107 a pattern of a starter comes before any intent, and then nobody asks what was meant', () => {
  const bot = heard(shop({}, dialogOf('p', starter('sp', 'hello*'), text('tp', 'Hi'))), means(['i1', 'very_good']));
  const said = bot.say('hello');
  expect(said.texts).toEqual(['Hi']);
  expect(said.needs).toEqual([]);
});

test('a bot without intents never asks what was meant', () => {
  expect(converse(botOf([dialogOf('d', starter('s', 'x'), text('t', 'X'))])).say('anything').needs).toEqual([]);
});

test('an exclude keyword of the starter holds its intent off', () => {
  const strict = dialogOf('track', byIntent('s1', 'i1', { exclude: ['never'] }), text('t1', 'Tracking'));
  const bot = heard(botOf([strict, cancel], { intents }), means(['i1', 'very_good'], ['i2', 'good']));
  expect(bot.say('never track it').texts).toEqual(['Cancelling']);
});

test('starters of disabled dialogs do not start by intent', () => {
  const bot = heard(botOf([{ ...track, enabled: false }, cancel], { intents }), means(['i1', 'very_good']));
  expect(bot.say('where').texts[0]).toContain('re-phrase');
});

test('what is fair or less, or fair plus alone, starts nothing', () => {
  for (const rank of ['fair_plus', 'fair', 'none'] as const)
    expect(heard(shop(), means(['i1', rank])).say('hm').texts[0]).toContain('re-phrase');
});

test('LP-115 several at fair plus are asked back, three at most, and the one chosen starts', () => {
  const several = means(['i1', 'fair_plus'], ['i2', 'fair_plus'], ['i3', 'fair_plus'], ['i4', 'fair_plus']);
  const bot = heard(shop(), several);
  const asked = bot.say('my order');
  expect(asked.texts).toEqual(['Which of these do you mean?']);
  expect(asked.messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Track order', 'Cancel order', 'Refund']);
  const chosen = bot.tap('Cancel order');
  expect(chosen.texts).toEqual(['Cancelling']);
  expect(chosen.state.disambiguated).toEqual({ id: 'i2', name: 'Cancel order' });
  // As the bot calls it, however its starter does.
  expect(chosen.state.starter_intent).toBe('Cancel order');
});

const asking: Dialog = {
  ...dialogOf('which', text('w0', 'Let me see.'), question('w1', 'Is it one of these?')),
  type: 'disambiguation',
  extra_choice: 'Something else',
};
const two = means(['i1', 'fair_plus'], ['i2', 'fair_plus']);

test("LP-115 the bot's own dialog asks, with its extra choice, which counts as not understood", () => {
  const bot = heard(shop({}, asking), two);
  const asked = bot.say('my order');
  expect(asked.texts).toEqual(['Let me see.', 'Is it one of these?']);
  expect(asked.messages[1]?.buttons?.map(({ label }) => label)).toEqual([
    'Track order',
    'Cancel order',
    'Something else',
  ]);
  expect(bot.say('something ELSE').texts).toEqual([
    'Not able to understand your question. Can you please re-phrase it?',
  ]);
});

test("LP-115 what the bot's own dialog says after its question is said to the extra choice", () => {
  const more = { ...asking, interactions: [...asking.interactions, text('w2', 'Then tell me more.')] };
  const bot = heard(shop({}, more), two);
  bot.say('my order');
  expect(bot.say('Something else').texts).toEqual(['Then tell me more.']);
});

test('LP-115 another reply gets the default text and the choices again; no dialog starts in between', () => {
  const bot = heard(shop({}, dialogOf('p', starter('sp', 'hello*'), text('tp', 'Hi'))), two);
  bot.say('my order');
  const again = bot.say('hello');
  expect(again.texts).toEqual(["That's not what I was expecting, Please select from one of these options."]);
  expect(again.messages[0]?.buttons).toHaveLength(2);
  expect(bot.say('track order').texts).toEqual(['Tracking']);
});

test('LP-115 the author can word that reply; after three of them the consumer is let go', () => {
  const bot = heard(shop({}, { ...asking, extra_reply: 'Please, {$userMessage} is none of them.' }), two);
  bot.say('my order');
  expect(bot.say('zzz').texts).toEqual(['Please, zzz is none of them.']);
  bot.say('zzz');
  bot.say('zzz');
  expect(bot.say('my order').texts).toEqual(['Let me see.', 'Is it one of these?']);
});

test('on a channel of plain text the number of a possible intent chooses it', () => {
  const bot = heard(shop(), two, { channel: 'text' });
  expect(bot.say('my order').texts).toEqual(['Which of these do you mean?\n1. Track order\n2. Cancel order']);
  expect(bot.say('2').texts).toEqual(['Cancelling']);
});

test('a question that was interrupted by it is asked again afterwards', () => {
  const rules: Rule[] = [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }];
  const colour = dialogOf('c', starter('sc', 'colour'), question('q', 'Colour?', { rules }), text('tc', 'Red'));
  const bot = heard(shop({}, colour), two);
  bot.say('colour');
  expect(bot.say('my order').texts).toEqual(['Which of these do you mean?']);
  expect(bot.say('Track order').texts).toEqual(['Tracking', 'Colour?']);
  expect(bot.say('red').texts).toEqual(['Red']);
});

test('LP-115 with a disabled disambiguation dialog nothing is asked back', () => {
  expect(heard(shop({}, { ...asking, enabled: false }), two).say('my order').texts[0]).toContain('re-phrase');
});

const onlyStarters = { environment: { system_useIntentsOnlyWithDialogStartersInDisambiguation: 'true' } };

test('LP-115 an intent without a dialog is a choice, unless the environment says otherwise; then one match goes straight on', () => {
  const oneStarts = means(['i1', 'fair_plus'], ['i4', 'fair_plus']);
  const asked = heard(shop(), oneStarts).say('hm');
  expect(asked.messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Track order', 'No dialog']);
  expect(heard(shop(), oneStarts, onlyStarters).say('hm').texts).toEqual(['Tracking']);
});

test('an intent that starts nothing is not understood when it is chosen', () => {
  const bot = heard(shop(), means(['i1', 'fair_plus'], ['i4', 'fair_plus']));
  bot.say('hm');
  expect(bot.say('No dialog').texts[0]).toContain('re-phrase');
});

test('LP-115 intents of the next rank join where the environment groups them', () => {
  const mixed = means(['i1', 'fair_plus'], ['i2', 'fair']);
  expect(heard(shop(), mixed).say('hm').texts[0]).toContain('re-phrase');
  const grouping = { environment: { system_groupConsecutiveIntentRanksInDisambiguation: 'true' } };
  const grouped = heard(shop(), mixed, grouping).say('hm');
  expect(grouped.messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Track order', 'Cancel order']);
});

test('what an outside recogniser calls an intent is never evaluated', () => {
  const named = (id: string): UnderstoodIntent => ({ id, name: `{$env.host} ${id}`, score: 0.6, rank: 'fair_plus' });
  const outside: Understanding = { intents: [named('x'), named('y')], entities: [] };
  const asked = heard(shop(), outside).say('hm');
  expect(asked.messages[0]?.buttons?.map(({ label }) => label)).toEqual(['$env.host x', '$env.host y']);
});

const replying = (rules: Rule[]) =>
  shop({}, dialogOf('d', starter('s', 'go'), question('q', '?', { rules }), text('a', 'A'), text('b', 'B')));
const to = (id: string): Rule['then'] => ({ go: 'interaction', id });

test('LP-105 rules are tried by kind: response intents, then the others as listed, no match at the end', () => {
  const rules: Rule[] = [
    { when: { match: 'no_match', message: 'Nothing' }, then: { go: 'end' } },
    { when: { match: 'pattern', patterns: ['*'], exclude: ['odd'] }, then: to('b') },
    { when: { match: 'intent', intent: 'Track order' }, then: { go: 'interaction', id: 'a' } },
  ];
  const intent = heard(replying(rules), means(['i1', 'good']));
  intent.say('go');
  expect(intent.say('where is it').texts).toEqual(['A', 'B']);
  const pattern = heard(replying(rules), means(['i1', 'fair_plus']));
  pattern.say('go');
  expect(pattern.say('where is it').texts).toEqual(['B']);
  const none = heard(replying(rules), means());
  none.say('go');
  expect(none.say('odd').texts).toEqual(['Nothing']);
});

test('LP-105 of two response intents the more certain one counts, and only when it is good', () => {
  const rules: Rule[] = [
    { when: { match: 'intent', intent: 'i1' }, then: to('a') },
    { when: { match: 'intent', intent: 'i2' }, then: to('b') },
  ];
  const bot = heard(replying(rules), means(['i2', 'very_good'], ['i1', 'good']));
  bot.say('go');
  expect(bot.say('cancel').texts).toEqual(['B']);
});

test('LP-105 intents of an import, which the document does not name, are compared by id and by name', () => {
  const imported = dialogOf(
    'd',
    starter('s', 'go'),
    {
      ...question('q', '?'),
      rules: [
        { when: { match: 'intent', intent: 'uuid-1' }, then: to('a') },
        { when: { match: 'intent', intent: 'say hello' }, then: to('b') },
      ],
    } as Interaction,
    text('a', 'A', { next: { go: 'end' } }),
    text('b', 'B'),
  );
  for (const [id, name, answer] of [
    ['uuid-1', 'whatever', 'A'],
    ['uuid-2', 'Say Hello', 'B'],
  ] as const) {
    const bot = heard(botOf([imported]), { intents: [{ id, name, score: 1, rank: 'very_good' }], entities: [] });
    bot.say('go');
    expect(bot.say('x').texts).toEqual([answer]);
  }
});

const city = (value: string): FoundEntity => ({ entity: 'city', value, phrase: value.toLowerCase() });
const trip = dialogOf(
  'trip',
  starter('s', 'book*'),
  question('from', 'From where?', { slot: { name: 'from', entity: 'city' }, pre_process: 'js' }),
  question('day', 'Which day?', { slot: { name: 'day', entity: 'day' } }),
  text('done', '{$botContext.slot.from} on {$botContext.slot.day}'),
);
const traveller = (found: Record<string, FoundEntity[]>) =>
  converse(botOf([trip], { entities: [{ name: 'city', type: 'list', values: [{ value: 'Rome' }] }] }), {
    understand: ({ text: said }) => ({ intents: [], entities: found[said] ?? [] }),
  });

test('LP-130 a slot that the first utterance fills skips its question, hooks and all', () => {
  const bot = traveller({
    'book from rome': [city('Rome')],
    monday: [{ entity: 'day', value: 'Monday', phrase: 'monday' }],
  });
  const begun = bot.say('book from rome');
  expect(begun.texts).toEqual(['Which day?']);
  expect(begun.needs.map(({ type }) => type)).toEqual(['understand']);
  expect(bot.say('monday').texts).toEqual(['Rome on Monday']);
});

test('LP-130 a reply fills the slot of its question; the next time the dialog begins all is asked again', () => {
  const bot = traveller({ rome: [city('Rome')] });
  expect(bot.say('book').texts).toEqual(['From where?']);
  expect(bot.say('rome').texts).toEqual(['Which day?']);
  expect(bot.say('any').texts).toEqual(['Rome on {$botContext.slot.day}']);
  expect(bot.say('book').texts).toEqual(['From where?']);
});

test('LP-130 a rule fills a slot with a value or with an entity, and later dialogs can read it', () => {
  const rules: Rule[] = [
    { when: { match: 'exact', value: 'home' }, slot: { name: 'to', value: '{$userMessage}!' }, then: { go: 'next' } },
    { when: { match: 'pattern', patterns: ['*'] }, slot: { name: 'to', entity: 'city' }, then: { go: 'next' } },
  ];
  const bot = converse(
    botOf([
      dialogOf('d', starter('s', 'go'), question('q', 'To?', { rules })),
      dialogOf('e', starter('s2', 'where'), text('t', 'To {$botContext.slot.to}')),
    ]),
    { understand: () => ({ intents: [], entities: [city('Rome')] }) },
  );
  bot.say('go');
  bot.say('home');
  expect(bot.say('where').texts).toEqual(['To home!']);
  bot.say('go');
  bot.say('rome');
  expect(bot.say('where').texts).toEqual(['To Rome']);
});

test('LP-130 a rule that asks the question again empties its slot', () => {
  const rules: Rule[] = [
    { variables: [{ variable: 'slot.from', match: 'equals', value: 'Rome' }], then: { go: 'current' } },
    { then: { go: 'next' } },
  ];
  const strict = dialogOf(
    'd',
    starter('s', 'go'),
    question('q', 'From?', { slot: { name: 'from', entity: 'city' }, rules }),
    text('t', 'From {$botContext.slot.from}'),
  );
  const bot = converse(botOf([strict]), {
    understand: ({ text: said }) => ({ intents: [], entities: said === 'go' ? [] : [city(said)] }),
  });
  bot.say('go');
  expect(bot.say('Rome').texts).toEqual(['From?']);
  expect(bot.say('Oslo').texts).toEqual(['From Oslo']);
});

test('a script that reads entities has them before it runs', () => {
  const asked = question('q', '?', { process_user_response: "botContext.getNamedEntities('city')" });
  const bot = converse(
    botOf([dialogOf('d', starter('s', 'go'), asked)], {
      entities: [{ name: 'city', type: 'list', values: [{ value: 'Rome' }] }],
    }),
    { understand: () => ({ intents: [], entities: [city('Rome')] }) },
  );
  bot.say('go');
  const replied = bot.say('rome');
  const script = replied.needs.find((need) => need.type === 'script');
  expect(script?.scope.entities).toEqual([city('Rome')]);
});
