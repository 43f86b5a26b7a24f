import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import { processorTime } from '../../world/processor-time.test-parts.ts';

const integration = {
  id: 'i',
  name: 'Orders',
  type: 'api',
  method: 'GET',
  url: 'https://api.example/orders',
  response_variable: 'Orders',
  fields: [{ key: 'item', value: '{$.api_Orders.item}' }],
};
const said = { failure: 'That did not work.' };
const starter = { id: 's', name: 's', type: 'starter', patterns: ['hi'] };
const text = (id: string, more: object = {}) => ({ id, name: id, type: 'text', text: id, ...more });
const ask = (id: string, more: object = {}) => ({ id, name: id, type: 'text_question', text: `${id}?`, ...more });

/** A bot with one dialog that "hi" begins. */
const bot = (interactions: object[], more: object = {}) => ({
  format: 'errand.bot/1',
  name: 'Bot',
  outcome_messages: said,
  dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions: [starter, ...interactions] }],
  integrations: [integration],
  ...more,
});
const problems = (document: object) =>
  checkDocument(document).problems.map(({ severity, path, message }) => ({ at: `${severity} ${path}`, message }));
const at = (n: number) => `/dialogs/0/interactions/${n}`;
const script = (code: string, hook = 'pre_process') => bot([text('a', { [hook]: code })]);
const rule = (more: object) => ({ then: { go: 'next' }, ...more });
const dialog = (id: string, interactions: object[], more: object = {}) => ({
  id,
  name: id,
  type: 'standard',
  interactions,
  ...more,
});
const fn = (name: string) => ({
  ...integration,
  id: name,
  name,
  type: 'function',
  method: 'POST',
  credential: 'c',
  description: 'do it',
  response_variable: name,
  fields: [],
});

/** What is wrong, the document, where it is said, and a word of the fix. */
const cases: [string, object, string, RegExp][] = [
  ['a script that does not parse', script('var a = ;\n'), `error ${at(1)}/pre_process`, /line 1, column 9/],
  [
    'a script that does not parse in its second line',
    script('var a = 1;\nvar b = (;', 'post_process'),
    `error ${at(1)}/post_process`,
    /line 2, column 10/,
  ],
  [
    'global functions that do not parse',
    bot([], { global_functions: 'function () {' }),
    'error /global_functions',
    /line 1/,
  ],
  [
    'a transform that does not parse',
    bot([], { integrations: [{ ...integration, transform: 'return 1;' }] }),
    'error /integrations/0/transform',
    /return/,
  ],
  [
    'an old loop of a form that is not read',
    script('for each (var [a] in b) {}'),
    `error ${at(1)}/pre_process`,
    /for \(const one of list\)/,
  ],
  [
    'an old loop over a fault',
    script('for each (var a in b) {\n  var = 1;\n}'),
    `error ${at(1)}/pre_process`,
    /line 2, column 7/,
  ],
  [
    'a misspelt function in an old loop',
    script("for each (var a in b) {\n  botContext.setBotVaraible('a', a, true, false); }"),
    `warning ${at(1)}/pre_process`,
    /line 2, column 14.*Did you mean "setBotVariable"/,
  ],
  [
    'a script nested without end',
    script('('.repeat(50_000)),
    `error ${at(1)}/pre_process`,
    /nested too deeply|does not parse/,
  ],
  [
    'a misspelt function',
    script("botContext.setBotVaraible('a', 'b', true, false);"),
    `warning ${at(1)}/pre_process`,
    /Did you mean "setBotVariable"/,
  ],
  [
    'a function in another case',
    script("botContext.sendmessage('a');"),
    `warning ${at(1)}/pre_process`,
    /Did you mean "sendMessage"/,
  ],
  [
    'a jump to nowhere',
    script("botContext.setTriggerNextMessage('b');"),
    `warning ${at(1)}/pre_process`,
    /no interaction is called so/,
  ],
  [
    'a jump that is nearly right',
    bot([text('Welcome', { pre_process: "botContext.setTriggerNextMessage('Welcom');" })]),
    `warning ${at(1)}/pre_process`,
    /Did you mean "Welcome"/,
  ],
  [
    'a variable that nothing sets',
    bot([text('a', { text: 'Hi {$botContext.nmae}' })]),
    `warning ${at(1)}/text`,
    /set it in a rule or a script/,
  ],
  [
    'a variable that is nearly right',
    bot([
      text('a', { text: '{$botContext.nmae}', pre_process: "botContext.setBotVariable('name', 'x', true, false);" }),
    ]),
    `warning ${at(1)}/text`,
    /Did you mean "name"/,
  ],
  [
    'a condition about a variable that nothing sets',
    bot([ask('a', { rules: [rule({ variables: [{ variable: 'x', match: 'equals', value: '1' }] })] })]),
    `warning ${at(1)}/rules/0/variables/0/variable`,
    /about nothing/,
  ],
  [
    'a field the integration does not have',
    bot([text('a', { text: '{Orders.itm}' })]),
    `warning ${at(1)}/text`,
    /Did you mean "item"/,
  ],
  [
    'a name of the platform that it does not know',
    bot([text('a', { text: '{$userMesage}' })]),
    `warning ${at(1)}/text`,
    /Did you mean "userMessage"/,
  ],
  [
    'an environment nobody named',
    bot([], { integrations: [{ ...integration, url: '{$env.host}/x' }] }),
    'warning /integrations/0/url',
    /"environment"/,
  ],
  [
    'an interaction nothing leads to',
    bot([ask('a', { next: { go: 'end' } }), text('b')]),
    `warning ${at(2)}`,
    /let a rule or a next action go there/,
  ],
  [
    'a dialog nothing begins',
    bot([], { dialogs: [dialog('d', [starter]), dialog('e', [text('x')])] }),
    'warning /dialogs/1',
    /Put a dialog starter in front/,
  ],
  [
    'a dialog whose starter hears nothing',
    bot([], { dialogs: [dialog('d', [{ ...starter, patterns: [] }])] }),
    'warning /dialogs/0',
    /pattern or an intent/,
  ],
  [
    'a rule behind one without conditions',
    bot([ask('a', { rules: [rule({}), rule({ when: { match: 'exact', value: 'x' } })] })]),
    `warning ${at(1)}/rules/1`,
    /Move it up/,
  ],
  [
    'LP-106 a "no match" rule beside one without conditions',
    bot([ask('a', { rules: [rule({ when: { match: 'no_match' } }), rule({})] })]),
    `warning ${at(1)}/rules/0`,
    /never taken/,
  ],
  [
    'a second "no match" rule',
    bot([ask('a', { rules: [rule({ when: { match: 'no_match' } }), rule({ when: { match: 'no_match' } })] })]),
    `warning ${at(1)}/rules/1`,
    /another one/,
  ],
  [
    'two starters with one pattern',
    bot([], {
      dialogs: [dialog('d', [starter]), dialog('e', [{ ...starter, id: 't', name: 't', patterns: ['ho', 'Hi '] }])],
    }),
    'warning /dialogs/1/interactions/0/patterns/1',
    /same pattern/,
  ],
  [
    'LP-116 a row without a question',
    bot(Array.from({ length: 11 }, (_, i) => text(`t${i}`))),
    `warning ${at(0)}`,
    /without a question/,
  ],
  [
    'a circle without a question',
    bot([text('a'), text('b', { next: { go: 'interaction', id: 'a' } })]),
    `warning ${at(1)}`,
    /leads round to itself/,
  ],
  [
    'an intent nobody recognises',
    bot([], { intents: [{ id: 'i', name: 'i', phrases: [] }] }),
    'warning /intents/0/phrases',
    /name a recogniser/,
  ],
  [
    'two intents with one id',
    bot([], {
      intents: [
        { id: 'i', name: 'i', phrases: ['a'] },
        { id: 'i', name: 'j', phrases: ['b'] },
      ],
    }),
    'error /intents/1/id',
    /Another intent/,
  ],
  [
    'an intent that is not there',
    bot([ask('a', { rules: [rule({ when: { match: 'intent', intent: 'ordr' } })] })], {
      intents: [{ id: '1', name: 'order', phrases: ['a'] }],
    }),
    `warning ${at(1)}/rules/0/when/intent`,
    /Did you mean "order"/,
  ],
  [
    'LP-130 a slot of an entity that is not there',
    bot([ask('a', { slot: { name: 'to', entity: 'city' } })]),
    `warning ${at(1)}/slot/entity`,
    /never filled/,
  ],
  [
    'two entities of one name',
    bot([], { entities: [1, 2].map(() => ({ name: 'e', type: 'regex', regex: 'a' })) }),
    'error /entities/1/name',
    /Another entity/,
  ],
  [
    'a recogniser that is no function',
    bot([], { recogniser: { integration: 'Orders' } }),
    'error /recogniser/integration',
    /"function"/,
  ],
  [
    'a recogniser that is not there',
    bot([], { recogniser: { integration: 'Order' } }),
    'error /recogniser/integration',
    /Did you mean "Orders"/,
  ],
  [
    'a transfer without anybody who takes over',
    bot([{ id: 'x', name: 'x', type: 'transfer' }]),
    `warning ${at(1)}`,
    /"agents"/,
  ],
  [
    'agents behind no function',
    bot([], { agents: { integration: 'Orders' } }),
    'error /agents/integration',
    /"function"/,
  ],
  [
    'a bot that hands over to itself',
    bot([{ id: 'x', name: 'x', type: 'route', bot: 'Bot' }]),
    `warning ${at(1)}/bot`,
    /itself/,
  ],
  [
    'a file nobody takes',
    bot([{ id: 'x', name: 'x', type: 'file_upload', text: 'f', accept: ['pdf'] }]),
    `warning ${at(1)}/integration`,
    /"file"/,
  ],
  [
    'a file taken by a call',
    bot([{ id: 'x', name: 'x', type: 'file_upload', text: 'f', accept: ['pdf'], integration: 'Orders' }]),
    `error ${at(1)}/integration`,
    /"file"/,
  ],
  [
    'a regular expression of an entity that does not parse',
    bot([], { entities: [{ name: 'e', type: 'regex', regex: '(' }] }),
    'error /entities/0/regex',
    /not a regular expression/,
  ],
  [
    'LP-108 a regular expression that tries for ever',
    bot([ask('a', { rules: [rule({ when: { match: 'regex', regex: '^(a+)+$' } })] })]),
    `warning ${at(1)}/rules/0/when/regex`,
    /for ever/,
  ],
  [
    'structured content that is not JSON',
    bot([{ id: 'u', name: 'u', type: 'universal', content: '{"type":' }]),
    `warning ${at(1)}/content`,
    /JSON/,
  ],
  [
    'LP-142 structured content over a limit',
    bot([
      { id: 'u', name: 'u', type: 'universal', content: JSON.stringify({ type: 'button', title: 'x'.repeat(200) }) },
    ]),
    `warning ${at(1)}/content`,
    /128/,
  ],
  [
    'LP-102 a question that is too long for some channels',
    bot([ask('a', { text: 'x'.repeat(256) })]),
    `warning ${at(1)}/text`,
    /255/,
  ],
  [
    'LP-141 a quick reply that is too long for some channels',
    bot([{ id: 'q', name: 'q', type: 'quick_reply', text: 'q', replies: [{ title: 'x'.repeat(26) }] }]),
    `warning ${at(1)}/replies/0/title`,
    /25/,
  ],
  [
    'a call without a rule for its failure',
    bot([{ id: 'c', name: 'c', type: 'integration', integration: 'Orders' }], { outcome_messages: {} }),
    `warning ${at(1)}`,
    /"api_result": "failure"/,
  ],
  [
    'a credential the export only names',
    bot([], { integrations: [{ ...integration, credential: 'import:1' }] }),
    'warning /integrations/0/credential',
    /import id/,
  ],
];

test('of a credential that an export only names nothing is said but that: it may be no consumer’s permission', () => {
  const named = { ...integration, credential: 'import:1', method: 'POST' };
  const call = { id: 'c', name: 'c', type: 'integration', integration: named.name };
  const messages = problems(bot([call], { integrations: [named], outcome_messages: {} }))
    .map(({ message }) => message)
    .join('\n');
  expect(messages).toContain('has no rule for a call that fails');
  expect(messages).not.toContain('Shall I?');
});

test.each(cases)('%s is told at its place, with a way out', (...[, document, place, fix]) => {
  const found = problems(document);
  expect(found.map((problem) => problem.at)).toContain(place);
  expect(found.find((problem) => problem.at === place)?.message).toMatch(fix);
});

const token = '{$botContext.cidp_accessToken}';
const recipe = (then: object) =>
  bot(
    [
      {
        id: 'c',
        name: 'c',
        type: 'integration',
        integration: 'Orders',
        pre_process: "'cidp_accessToken'",
        rules: [{ when: { match: 'api_result', status: 'failure' }, then }],
      },
      text('found', { next: { go: 'end' } }),
      text('sorry'),
      {
        id: 'l',
        name: 'l',
        type: 'button_question',
        text: 'Verify',
        buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}' }],
      },
    ],
    {
      integrations: [
        { ...integration, credential: 'Brand', headers: [{ key: 'Authorization', value: `Bearer ${token}` }] },
      ],
    },
  );

test('LP-12 a failure rule must get to the sign-in link, at once or after a word', () => {
  const places = (then: object) => problems(recipe(then)).map((problem) => problem.at);
  expect(places({ go: 'interaction', id: 'l' })).not.toContain(`warning ${at(1)}/rules/0`);
  expect(places({ go: 'interaction', id: 'sorry' })).not.toContain(`warning ${at(1)}/rules/0`);
  expect(places({ go: 'end' })).toContain(`warning ${at(1)}/rules/0`);
});

test('scripts that are too large to be read are no error: the first is read, the others are told', () => {
  const code = 'f();'.repeat(24_000);
  const ids = Array.from({ length: 30 }, (_, i) => `s${i}`);
  const found = problems(bot(ids.map((id) => text(id, { pre_process: code }))));
  const unread = found.filter(({ at: place }) => place.endsWith('/pre_process'));
  expect(unread.length).toBeGreaterThan(10);
  expect(unread.length).toBeLessThan(30);
  expect(new Set(unread.map(({ at: place }) => place.split(' ')[0]))).toEqual(new Set(['warning']));
});

test('variables that scripts set by names they make up are not called unknown', () => {
  const shown = text('a', { text: '{$botContext.option3} {$botContext.total}' });
  const wrapper = 'function put(name, value) { botContext.setBotVariable(name, value, true, false); }';
  const made = bot(
    [text('x', { pre_process: "for (var i = 0; i < 4; i++) put('option' + i, i); put('total', 4);" }), shown],
    { global_functions: wrapper },
  );
  expect(problems(made)).toEqual([]);
  const handed = bot([text('x', { pre_process: "fill(botContext, ['option', 'total']);" }), shown]);
  expect(problems(handed)).toEqual([]);
  expect(problems(bot([text('x', { pre_process: "fill(['option']);" }), shown]))).toHaveLength(2);
});

test('what scripts jump to is not called unreachable', () => {
  const jump = (argument: string) =>
    bot([
      ask('a', { next: { go: 'end' }, process_user_response: `botContext.setTriggerNextMessage(${argument});` }),
      text('b'),
    ]);
  expect(problems(jump("'b'"))).toEqual([]);
  expect(problems(jump('somewhere'))).toEqual([]);
  expect(
    problems(
      bot([ask('a', { next: { go: 'end' } }), text('b')], {
        global_functions: "function f() { botContext.setTriggerNextMessage('b'); }",
      }),
    ),
  ).toEqual([]);
});

test('a function that is well called, with agents, an intent and a slot, has no problem', () => {
  const whole = bot(
    [
      ask('a', {
        slot: { name: 'to', entity: '@city' },
        rules: [rule({ when: { match: 'intent', intent: 'order' } })],
      }),
      { id: 'x', name: 'x', type: 'transfer', text: 'Going to {$botContext.slot.to}' },
    ],
    {
      integrations: [fn('People')],
      agents: { integration: 'People' },
      intents: [{ id: '1', name: 'order', phrases: ['I want to order'] }],
      entities: [{ name: 'city', type: 'list', values: [{ value: 'Rome' }] }],
    },
  );
  expect(problems(whole)).toEqual([]);
});

test('problems stand in the order of the document, errors first, the same every time', () => {
  const document = bot([
    ...Array.from({ length: 11 }, (_, i) => ask(`q${i}`, { text: '{$botContext.x}' })),
    text('z', { pre_process: '(' }),
  ]);
  const places = problems(document).map((problem) => problem.at);
  expect(places[0]).toBe(`error ${at(12)}/pre_process`);
  expect(problems(document)).toEqual(problems(structuredClone(document)));
});

test('2,000 interactions with scripts and rules are checked in less than a second', () => {
  const interactions = Array.from({ length: 2_000 }, (_, i) =>
    ask(`q${i}`, {
      pre_process: `var v = botContext.getBotVariable('v${i}');\nbotContext.setBotVariable('v${i}', (v || '') + 'x', true, false);`,
      text: `Is it {$botContext.v${i}} or {$botContext.nothing${i}}?`,
      rules: [
        { when: { match: 'pattern', patterns: [`*word${i}*`, '(yes|no)*'] }, then: { go: 'next' } },
        { when: { match: 'regex', regex: `^[a-z]+${i}$` }, then: { go: 'interaction', id: `q${(i * 7) % 2_000}` } },
      ],
    }),
  );
  const started = processorTime();
  const found = problems(bot(interactions));
  expect(found.length).toBeGreaterThan(1_000);
  expect(processorTime() - started).toBeLessThan(1_000);
});
