import { expect, test } from 'vitest';
import type { Json } from '../world/json.ts';
import type { ScriptAsk } from './script-ask.ts';
import { facts, openSandbox, outputOf, type Script, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();

const known: Record<string, Json> = {
  user_message: 'the big apple',
  quick_reply_payload: 'q',
  button_payload: 'b',
  metadata: [{ type: 'ExternalId', id: 'e1' }, null, 'odd', { type: 'Other' }],
  starter_intent: 'orders',
  last_call: { successful: true, status: '201' },
  variables: { city: 'Bern' },
  web_view_variables: { page: 'cart' },
  environment: { shop: 'north' },
  disambiguated: { id: 'i1', name: 'Track my order' },
  entities: [
    { entity: 'city', value: 'New York', phrase: 'the big apple' },
    { entity: 'team', value: 'Yankees', phrase: 'yankees' },
  ],
  file: { id: 'f', name: 'a.png', type: 'image/png', size: 3, caption: 'me' },
  facts: {
    ...facts,
    consumer: { personal: { firstname: 'Ada' }, customer: { customerId: 'c7' } },
    engagement: { os: 'Linux', rtSessionId: 'rt1' },
  },
};

/** Each expression and what it gives where all of the above is known. */
const reads: [string, string, unknown][] = [
  ['getBotVariable', "getBotVariable('city')", 'Bern'],
  ['getCurrentUserMessage', 'getCurrentUserMessage()', 'the big apple'],
  ['getEnvVariable', "getEnvVariable('shop')", 'north'],
  ['getChatBotId', 'getChatBotId()', 'bot_1'],
  ['getConversationId', 'getConversationId()', 'conv_1'],
  ['getLPAccountId', 'getLPAccountId()', 'acct_1'],
  ['getUserPlatformId', 'getUserPlatformId()', 'user_1'],
  ['getUserChannel', 'getUserChannel()', 'lp_web'],
  ['getChannel', 'getChannel()', 'lp_web'],
  ['getLPEngagementAttribute', "getLPEngagementAttribute('os')", 'Linux'],
  ['getLPEngagementAttribute, as it is misspelt', "getLPEngagementAttribute('rtSesssionId')", 'rt1'],
  ['getLPEngagementAttribute, as samples spell it', "getLPEngagementAttribute('rtSessionId')", 'rt1'],
  ['getLPEngagementAttribute of what is unknown', "getLPEngagementAttribute('toString')", null],
  ['getMetadata', "getMetadata('ExternalId')", [{ type: 'ExternalId', id: 'e1' }]],
  ['getMetadata of a type that is not there', "getMetadata('SocialMessagingEventData')", null],
  ['getWebViewVariable', "getWebViewVariable('page')", 'cart'],
  ['getWebViewVariables', 'getWebViewVariables()', { page: 'cart' }],
  ['getQuickReplyPayload', 'getQuickReplyPayload()', 'q'],
  ['getButtonPayload', 'getButtonPayload()', 'b'],
  ['getDialogStarterIntent', 'getDialogStarterIntent()', 'orders'],
  ['getDisambiguatedIntentName', 'getDisambiguatedIntentName()', 'Track my order'],
  ['getDisambiguatedIntentId', 'getDisambiguatedIntentId()', 'i1'],
  ['getNamedEntities', "getNamedEntities('city')", [{ entity: 'city', value: 'New York', phrase: 'the big apple' }]],
  ['getNamedEntities has phrases', "getNamedEntities('team')[0].getPhrase()", 'yankees'],
  ['getNamedEntities of none', "getNamedEntities('__proto__')", []],
  ['isApiExecutionSuccessful', 'isApiExecutionSuccessful()', true],
  ['getApiStatusCode', 'getApiStatusCode()', '201'],
  ['getFileCaption', 'getFileCaption()', 'me'],
  ['getFileType', 'getFileType()', 'image/png'],
  ['getLPUserPersonalInfo', 'getLPUserPersonalInfo()', { firstname: 'Ada' }],
  ['getLPCustomerInfo', 'getLPCustomerInfo().customerId', 'c7'],
  ['getUserLocation', 'getUserLocation()', null],
  ['evaluateOptions by letter', "evaluateOptions('a', ['A)Yes', 'B)No'])", 'A)Yes'],
  ['evaluateOptions by letter and sign', "evaluateOptions('B)', ['A)Yes', 'B)No'])", 'B)No'],
  ['evaluateOptions by words', "evaluateOptions(' yes ', ['A)Yes', 'B)No'])", 'A)Yes'],
  ['evaluateOptions by all of it', "evaluateOptions('plain', ['Plain'])", 'Plain'],
  ['evaluateOptions whatever the blanks', "evaluateOptions('a )  y es', ['A) Yes', 'B) No'])", 'A) Yes'],
  [
    'evaluateOptions by words before a new line',
    "evaluateOptions('shoreline', ['A) Bay\\n', 'B) Shoreline\\n'])",
    'B) Shoreline\n',
  ],
  ['evaluateOptions by number', "evaluateOptions('2', ['Yes', 'No'])", 'No'],
  ['evaluateOptions by number and sign', "evaluateOptions(' 1. ', ['Yes', 'No'])", 'Yes'],
  ['evaluateOptions by its letter in the alphabet', "evaluateOptions('b)', ['Yes', 'No'])", 'No'],
  ['evaluateOptions by number where letters are', "evaluateOptions('2', ['A)Yes', 'B)No'])", 'B)No'],
  ['evaluateOptions: an own number comes first', "evaluateOptions('2', ['2. Two', '1. One'])", '2. Two'],
  ['evaluateOptions: an equal option comes first', "evaluateOptions('2', ['1', '3', '2'])", '2'],
  ['evaluateOptions: an own number is not counted', "evaluateOptions('1', ['10. Ten', '20. Twenty'])", null],
  ['evaluateOptions: an own letter is not counted', "evaluateOptions('a', ['B) No', 'C) Maybe'])", null],
  [
    'evaluateOptions beyond the last',
    "[0, 3, 'c', 'A1'].map((n) => evaluateOptions(n, ['Yes', 'No']))",
    [null, null, null, null],
  ],
  ['evaluateOptions of none', "evaluateOptions('maybe', ['A)Yes', 'B)No'])", null],
  ['askMaven', "JSON.parse(askMaven('c', 'u', 'g'))", {}],
  ['isContextApiEnabled', 'isContextApiEnabled()', true],
];

const saying = (expression: string) => `with (botContext) sendMessage(JSON.stringify(${expression}));`;

test.each(reads)('LP-122 %s', async (_name, expression, expected) => {
  const [sent = ''] = await sentBy(sandbox, saying(expression), { scope: known });
  expect(JSON.parse(sent)).toEqual(expected);
});

/** Functions that have something to read only when something has happened. */
const nullable =
  `getQuickReplyPayload getButtonPayload getDialogStarterIntent getDisambiguatedIntentName getDisambiguatedIntentId
  getApiStatusCode getFileCaption getFileType getLPUserPersonalInfo getLPCustomerInfo`.split(/\s+/);

test.each(nullable)('LP-123 %s is null where nothing is known', async (name) => {
  expect(await sentBy(sandbox, saying(`${name}()`))).toEqual(['null']);
});

/** What is set, and what the same script reads then. */
const stored: [string, string, unknown][] = [
  ['a boolean', 'true', 'true'],
  ['false', 'false', 'false'],
  ['a number', '-1.5', '-1.5'],
  ['a number of an object', 'new Number(3)', '3'],
  ['a text', "'1'", '1'],
  ['nothing', 'null', null],
  ['what is undefined', 'undefined', null],
  ['a list', '[1, true]', [1, true]],
  ['an object', '{ n: 1 }', { n: 1 }],
  ['a date', 'new Date(0)', '1970-01-01T00:00:00.000Z'],
];

test.each(stored)('LP-123 %s is read as it is stored, by the same script too', async (_what, value, expected) => {
  const code = `botContext.setBotVariable('v', ${value}, true, false); ${saying("getBotVariable('v')")}`;
  const { effects } = await outputOf(sandbox, code);
  expect(effects[0]).toEqual({ type: 'set_variable', name: 'v', value: expected, scope: 'session' });
  expect(effects[1]).toEqual({ type: 'send', text: JSON.stringify(expected) });
});

test('LP-122 getFileCaption of a file without one', async () => {
  const scope = { file: { id: 'f', name: 'a', type: 'text/plain', size: 1, caption: null } };
  expect(await sentBy(sandbox, saying('getFileCaption()'), { scope })).toEqual(['"__EMPTYTEXT__"']);
});

test('LP-122 names are case-sensitive, and one that is not there says which', async () => {
  const { error } = await outputOf(sandbox, "botContext.SendMessage('x')");
  expect(error?.message).toBe('TypeError: botContext.SendMessage is not a function that Errand knows');
});

/** Each call and the effects it has. */
const writes: [string, string, unknown[]][] = [
  [
    'setBotVariable',
    "setBotVariable('a', 1, true, false)",
    [{ type: 'set_variable', name: 'a', value: '1', scope: 'session' }],
  ],
  ['sendMessage', "sendMessage('hi')", [{ type: 'send', text: 'hi' }]],
  [
    'sendMessages',
    "sendMessages(['a', 'b'])",
    [
      { type: 'send', text: 'a' },
      { type: 'send', text: 'b' },
    ],
  ],
  ['sendImmediateReply', "sendImmediateReply('stop')", [{ type: 'reply_immediately', texts: ['stop'] }]],
  ['setTriggerNextMessage', "setTriggerNextMessage('next')", [{ type: 'go_to', interaction: 'next' }]],
  ['setMessageDelay', 'setMessageDelay(700)', [{ type: 'delay', ms: 700 }]],
  ['setAllowMaxTextResponse', 'setAllowMaxTextResponse(true)', [{ type: 'allow_long_text', allow: true }]],
  [
    'addQuickReplies',
    "addQuickReplies(['Yes~y'])",
    [{ type: 'add_quick_replies', replies: [{ title: 'Yes', payload: 'y' }] }],
  ],
  [
    'addQuickReples',
    "addQuickReples(['Yes~y'])",
    [{ type: 'add_quick_replies', replies: [{ title: 'Yes', payload: 'y' }] }],
  ],
  [
    'setBotTransferIntentbyDomain',
    "setBotTransferIntentbyDomain('buy', 'shop')",
    [{ type: 'bot_transfer', intent: 'buy', domain: 'shop' }],
  ],
  ['setBotTransferIntentId', "setBotTransferIntentId('i9')", [{ type: 'bot_transfer', intent: 'i9' }]],
  ['setBotTransferUserMessage', "setBotTransferUserMessage('hello')", [{ type: 'bot_transfer', message: 'hello' }]],
  ['printDebugMessage', "printDebugMessage('x')", [{ type: 'log', level: 'debug', text: 'x' }]],
  [
    'logCustomEvent',
    "logCustomEvent('said', 'bought', 'detail')",
    [{ type: 'custom_event', name: 'bought', message: 'said', detail: 'detail' }],
  ],
  [
    'logEscalationEvent',
    "logEscalationEvent('agent please', 'LivePerson')",
    [{ type: 'escalation_event', message: 'agent please', target: 'LivePerson' }],
  ],
];

test.each(writes)('LP-122 %s', async (_name, call, effects) => {
  expect((await outputOf(sandbox, `botContext.${call};`)).effects).toEqual(effects);
});

test('LP-122 sendMessageWithQuickReplies takes ten, whose titles are cut at 20 characters', async () => {
  const code = `var options = ['A title that is much too long~long'];
    for (var i = 0; i < 12; i++) options.push('n' + i);
    botContext.sendMessageWithQuickReplies('pick', options);`;
  const { effects } = await outputOf(sandbox, code);
  const logged = effects.filter(({ type }) => type === 'log');
  expect(logged).toMatchObject([{ text: expect.stringContaining('more than 10') }, { text: /cut at 20/ }].map(loosely));
  const sent = effects.find((effect) => effect.type === 'send_quick_replies');
  expect(sent?.replies).toHaveLength(10);
  expect(sent?.replies[0]).toEqual({ title: 'A title that is much', payload: 'long' });
});

function loosely<T extends { text: unknown }>(entry: T) {
  return entry.text instanceof RegExp ? { text: expect.stringMatching(entry.text) } : entry;
}

test('LP-122 console writes to the log, as printDebugMessage does', async () => {
  const { effects } = await outputOf(sandbox, "console.log('a', 1); console.error({ b: 2 });");
  expect(effects).toEqual([
    { type: 'log', level: 'debug', text: 'a 1' },
    { type: 'log', level: 'error', text: '{"b":2}' },
  ]);
});

const friday = { date: '12.25.2026', weekday: 'FRIDAY' };
const specs = [
  'OPEN~8:00~20:00',
  'CLOSED~20:00~8:00',
  'FRIDAY|WEEKEND~08:00~17:00',
  'FRIDAY|WEEKEND_CLOSED~17:00~8:00',
  '12.25.2018|HOLIDAY~0:00~23:59',
];

const hours: [string, object, string | null][] = [
  ['within', { date: '12.24.2026', weekday: 'THURSDAY', minute: 8 * 60 }, 'OPEN'],
  ['from the end on', { date: '12.24.2026', weekday: 'THURSDAY', minute: 20 * 60 }, 'CLOSED'],
  ['over midnight', { date: '12.24.2026', weekday: 'THURSDAY', minute: 3 * 60 }, 'CLOSED'],
  ['on a weekday', { ...friday, minute: 9 * 60 }, 'WEEKEND'],
  ['on a weekday, over midnight', { ...friday, minute: 17 * 60 + 1 }, 'WEEKEND_CLOSED'],
  ['on a day, to its last minute', { date: '12.25.2018', weekday: 'TUESDAY', minute: 1439 }, 'HOLIDAY'],
];

const answered = (code: string, answer: (ask: ScriptAsk) => Json) => {
  const script: Script = { answer: async (ask) => answer(ask) };
  return sentBy(sandbox, code, script);
};

test.each(hours)('LP-122 getHoursType %s', async (_when, local, expected) => {
  const asks: ScriptAsk[] = [];
  const code = saying(`getHoursType(${JSON.stringify(specs)}, 'Europe/Bern')`);
  const sent = await answered(code, (ask) => {
    asks.push(ask);
    return { ...local };
  });
  expect(sent).toEqual([JSON.stringify(expected)]);
  expect(asks).toEqual([{ ask: 'local_time', args: ['Europe/Bern'] }]);
});

test('LP-122 getHoursType says which zone or which hours it does not know', async () => {
  const code = saying("getHoursType(['A~1:00~2:00'], 'Mars/Base')");
  expect((await outputOf(sandbox, code)).error?.message).toContain('no time zone "Mars/Base"');
  const wrong = saying("getHoursType(['always'], 'UTC')");
  const script: Script = { answer: async () => ({ ...friday, minute: 1 }) };
  expect((await outputOf(sandbox, wrong, script)).error?.message).toContain('"always" is not KEY~start~end');
});

test('LP-122 getNlpResponse and getSentiment', async () => {
  const words = { tokens: ['so', 'good'], sentences: ['so good'], phrases: ['so good'], nouns: [], verbs: [] };
  const code = saying('[getNlpResponse().tokens, getNlpResponse().nouns, getSentiment()]');
  const sent = await answered(code, () => ({ words, sentiment: 'Positive' }));
  expect(sent).toEqual(['[["so","good"],[],"Positive"]']);
});

test('LP-124 setBotVariable: the two booleans choose the scope, also as text', async () => {
  const given = ['', ', false, false', ', true', ', true, false', ', false, true', ", 'true', 'false'"];
  const code = given.map((more, at) => `botContext.setBotVariable('v${at}', 'x'${more});`).join('\n');
  const scopes = (await outputOf(sandbox, code)).effects.map((effect) => 'scope' in effect && effect.scope);
  expect(scopes).toEqual(['request', 'request', 'session', 'session', 'forever', 'session']);
});

test('LP-123 what is not set is null; lists and objects come back as they were stored, raw or as text', async () => {
  const variables = { raw: [1, { a: 2 }], text: '[1,{"a":2}]', number: '7', flag: 'true' };
  const code = saying(
    "[getBotVariable('raw')[1].a, JSON.parse(getBotVariable('text'))[1].a, getBotVariable('number'), getBotVariable('flag') == 'true', getBotVariable('unset')]",
  );
  expect(await sentBy(sandbox, code, { scope: { variables } })).toEqual(['[2,2,"7",true,null]']);
});

test('LP-125 initConversation, the name that pages know, runs at the start of a session too; the other comes first', async () => {
  const one = "function initConversation() { botContext.sendMessage('one'); }";
  expect(await sentBy(sandbox, '', { globals: one, hook: 'init' })).toEqual(['one']);
  const both = `${one} var __initConversation = function () { botContext.sendMessage('two'); };`;
  expect(await sentBy(sandbox, '', { globals: both, hook: 'init' })).toEqual(['two']);
});

test('LP-126 a function declared in one hook is not there in the next', async () => {
  await sentBy(sandbox, 'function local() { return 1 } shared = 2;');
  expect(await sentBy(sandbox, 'botContext.sendMessage(typeof local + typeof shared);')).toEqual([
    'undefinedundefined',
  ]);
});

test('LP-126 an error tells hook text, line and column; what came before it counts', async () => {
  const { effects, error } = await outputOf(sandbox, "botContext.sendMessage('a');\n\n  botContext.nothing();");
  expect(effects).toEqual([{ type: 'send', text: 'a' }]);
  expect(error).toMatchObject({ kind: 'thrown', in: 'code', line: 3 });
  expect(error?.column).toBeGreaterThan(2);
});

test('LP-129 getEnvVariable reads what {$env.x} reads, own names only', async () => {
  const scope = { environment: { host: 'shop.example' } };
  const code = saying("[getEnvVariable('host'), getEnvVariable('constructor'), getEnvVariable('Host')]");
  expect(await sentBy(sandbox, code, { scope })).toEqual(['["shop.example",null,null]']);
});

test('the old loop "for each" runs, and its words in a text stay as they are', async () => {
  const old = "var said = '';\nfor each (var x in ['a', 'b']) said += x;\nbotContext.sendMessage(said);";
  expect(await sentBy(sandbox, old)).toEqual(['ab']);
  const text = "botContext.sendMessage('for each (item in the list)');";
  expect(await sentBy(sandbox, text)).toEqual(['for each (item in the list)']);
  const broken = 'for each (var x in []) {}\nvar = 1;';
  expect((await outputOf(sandbox, broken)).error).toMatchObject({ kind: 'syntax', line: 2 });
  const both = "for each (var x in ['a']) botContext.sendMessage(x + ' for each (item in the list)');";
  expect(await sentBy(sandbox, both)).toEqual(['a for each (item in the list)']);
});

/** What the old loop goes through, and what it meets. */
const looped: [string, string, string][] = [
  ['the values of an object', '{ b: 1, a: 2 }', '1,2'],
  ['the elements of a list', "['x', , 'y']", 'x,y'],
  ['the elements of what matched', "'a-b'.match(/-/)", '-'],
  ['the values of a map', 'new Map([[1, "one"], [2, "two"]])', 'one,two'],
  ['the elements of a set', 'new Set([3])', '3'],
  ['the letters of a text', "'ab'", 'a,b'],
  ['all that is kept in the web view', 'botContext.getWebViewVariables()', 'cart'],
  ['nothing of null', 'null', ''],
  ['nothing of undefined', 'undefined', ''],
  ['nothing of a number', '5', ''],
];

test.each(looped)('the old loop "for each" meets %s', async (_what, list, met) => {
  const code = `var seen = []; for each (var x in ${list}) { seen.push(x); } botContext.sendMessage(seen.join());`;
  expect(await sentBy(sandbox, code, { scope: known })).toEqual([met]);
});

test('the old loop ends though its list grows, and an error in it has its own place', async () => {
  const grows = 'var l = [1, 2]; for each (x in l) l.push(x); botContext.sendMessage(l.join());';
  expect(await sentBy(sandbox, grows)).toEqual(['1,2,1,2']);
  const thrown = (await outputOf(sandbox, 'for each (var x in [1]) missing();')).error;
  expect(thrown).toMatchObject({ kind: 'thrown', in: 'code', line: 1, column: 25 });
});
