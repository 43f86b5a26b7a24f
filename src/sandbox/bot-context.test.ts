import { expect, test } from 'vitest';
import { openSandbox, outputOf, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();

test('reads variables of every kind; what is not set is null', async () => {
  const scope = {
    variables: { city: 'Bern', list: [1, 2], none: null },
    web_view_variables: { cidp_accessToken: 'errand:token:abc' },
    environment: { shop: 'north' },
  };
  const code = `
    var seen = [botContext.getBotVariable('city'), botContext.getBotVariable('list')[1], botContext.getBotVariable('none'),
      botContext.getBotVariable('unset'), botContext.getBotVariable('toString'),
      botContext.getWebViewVariable('cidp_accessToken'), botContext.getWebViewVariable('unset'),
      botContext.getWebViewVariables().cidp_accessToken, botContext.getEnvVariable('shop'), botContext.getEnvVariable('constructor')];
    botContext.sendMessage(JSON.stringify(seen));`;
  const [sent] = await sentBy(sandbox, code, { scope });
  const handle = 'errand:token:abc';
  expect(sent).toBe(JSON.stringify(['Bern', 2, null, null, null, handle, null, handle, 'north', null]));
});

test('knows the conversation, the reply and the call that just ended', async () => {
  const scope = {
    user_message: 'hello',
    quick_reply_payload: 'q',
    button_payload: 'b',
    starter_intent: 'orders',
    last_call: { successful: true, status: '200' },
  };
  const names = `getChatBotId getConversationId getLPAccountId getUserPlatformId getUserChannel getCurrentUserMessage
    getQuickReplyPayload getButtonPayload getDialogStarterIntent isApiExecutionSuccessful getApiStatusCode`.split(
    /\s+/,
  );
  const code = names.map((name) => `botContext.sendMessage(botContext.${name}());`).join('\n');
  const sent = ['bot_1', 'conv_1', 'acct_1', 'user_1', 'lp_web', 'hello', 'q', 'b', 'orders', 'true', '200'];
  expect(await sentBy(sandbox, code, { scope })).toEqual(sent);
  const nothing =
    'botContext.sendMessage(JSON.stringify([botContext.isApiExecutionSuccessful(), botContext.getApiStatusCode()]))';
  expect(await sentBy(sandbox, nothing)).toEqual(['[false,null]']);
});

test('sets variables in three scopes, and reads back what the same script set', async () => {
  const code = `
    botContext.setBotVariable('a', 'x', false, false);
    botContext.setBotVariable('b', [1], true);
    botContext.setBotVariable('c', { d: new Date(0), n: NaN, f: function () {} }, true, true);
    botContext.setBotVariable('u', undefined);
    botContext.setBotVariable('n', 0 / 0);
    botContext.setBotVariable('i', -1 / 0, true, false);
    botContext.sendMessage(botContext.getBotVariable('c').d + botContext.getBotVariable('u'));`;
  const { effects } = await outputOf(sandbox, code);
  expect(effects).toEqual([
    { type: 'set_variable', name: 'a', value: 'x', scope: 'request' },
    { type: 'set_variable', name: 'b', value: [1], scope: 'session' },
    { type: 'set_variable', name: 'c', value: { d: '1970-01-01T00:00:00.000Z', n: null }, scope: 'forever' },
    { type: 'set_variable', name: 'u', value: null, scope: 'request' },
    { type: 'set_variable', name: 'n', value: 'NaN', scope: 'request' },
    { type: 'set_variable', name: 'i', value: '-Infinity', scope: 'session' },
    { type: 'send', text: '1970-01-01T00:00:00.000Znull' },
  ]);
});

test('what a script read and then changed stays as it was until the script sets it', async () => {
  const code = `
    var list = botContext.getBotVariable('list');
    list.push(3);
    botContext.sendMessage(botContext.getBotVariable('list').length);
    botContext.setBotVariable('list', list);
    list.push(4);
    botContext.sendMessage(botContext.getBotVariable('list').length);`;
  expect(await sentBy(sandbox, code, { scope: { variables: { list: [1, 2] } } })).toEqual(['2', '3']);
});

test('sends, offers, delays, jumps and logs, in the order the script did', async () => {
  const code = `
    botContext.setMessageDelay(1500);
    botContext.sendMessages(['one', 2]);
    botContext.sendMessageWithQuickReplies('pick', ['Yes~y', 'No']);
    botContext.addQuickReples(['More~m~n']);
    botContext.setAllowMaxTextResponse(true);
    botContext.printDebugMessage('dbg');
    console.warn('careful', { a: 1 }, null);
    botContext.logCustomEvent('said', 'bought', { sku: 7 });
    botContext.setTriggerNextMessage('other');`;
  const yesNo = [
    { title: 'Yes', payload: 'y' },
    { title: 'No', payload: 'No' },
  ];
  expect((await outputOf(sandbox, code)).effects).toEqual([
    { type: 'delay', ms: 1500 },
    { type: 'send', text: 'one' },
    { type: 'send', text: '2' },
    { type: 'send_quick_replies', text: 'pick', replies: yesNo },
    { type: 'add_quick_replies', replies: [{ title: 'More', payload: 'm~n' }] },
    { type: 'allow_long_text', allow: true },
    { type: 'log', level: 'debug', text: 'dbg' },
    { type: 'log', level: 'warn', text: 'careful {"a":1} null' },
    { type: 'custom_event', name: 'bought', message: 'said', detail: { sku: 7 } },
    { type: 'go_to', interaction: 'other' },
  ]);
});

test('sendImmediateReply ends the script, also one that catches everything', async () => {
  const code = `
    try { botContext.sendImmediateReply('bye'); } catch (e) {}
    try { botContext.sendMessage('still here'); } catch (e) {}
    botContext.sendMessage('and here');`;
  expect(await outputOf(sandbox, code)).toEqual({ effects: [{ type: 'reply_immediately', texts: ['bye'] }] });
  const plain = "botContext.sendImmediateReply(['a', 'b']); botContext.sendMessage('never');";
  expect(await outputOf(sandbox, plain)).toEqual({ effects: [{ type: 'reply_immediately', texts: ['a', 'b'] }] });
});

test('global functions share the realm of the hook, in sloppy ES5', async () => {
  const globals =
    "function greet(n) { return 'hi ' + n; }\nvar twice = function (x) { return x + x; }; undeclared = 3;";
  const code =
    "function local() { return this === globalThis; } botContext.sendMessage(twice(greet('you')) + undeclared + local());";
  expect(await sentBy(sandbox, code, { globals })).toEqual(['hi youhi you3true']);
});

test('__initConversation runs at the start of a session only', async () => {
  const globals = "function __initConversation() { botContext.sendMessage('init'); }";
  expect(await sentBy(sandbox, '', { globals, hook: 'init' })).toEqual(['init']);
  expect(await sentBy(sandbox, '', { globals, hook: 'pre_process' })).toEqual([]);
  expect(await sentBy(sandbox, '', { hook: 'init' })).toEqual([]);
});

test('an error says its place in the text it happened in, and what was done before is kept', async () => {
  const thrown = await outputOf(sandbox, "botContext.sendMessage('first');\n  missing.thing();");
  expect(thrown.effects).toEqual([{ type: 'send', text: 'first' }]);
  expect(thrown.error).toEqual({
    kind: 'thrown',
    message: 'ReferenceError: missing is not defined',
    in: 'code',
    line: 2,
    column: 3,
  });
  const inGlobals = await outputOf(sandbox, 'helper();', {
    globals: '\n\nfunction helper() { throw new Error("no") }',
  });
  expect(inGlobals.error).toMatchObject({ kind: 'thrown', message: 'Error: no', in: 'globals', line: 3 });
  const half = await outputOf(sandbox, 'botContext.sendMessage(ok());', {
    globals: "function ok() { return 'declared before'; }\nnotThere.x = 2;",
  });
  expect(half.effects).toEqual([{ type: 'send', text: 'declared before' }]);
  expect(half.error).toMatchObject({ kind: 'thrown', in: 'globals', line: 2 });
  const syntax = await outputOf(sandbox, 'var a = 1;\nvar b = ;');
  expect(syntax.error).toMatchObject({ kind: 'syntax', in: 'code', line: 2, column: 9 });
  const json = await outputOf(sandbox, '\nJSON.parse("{");');
  expect(json.error).toMatchObject({ kind: 'thrown', in: 'code', line: 2 });
});

test('an unknown function is named, and may be tested for by catching', async () => {
  const { error } = await outputOf(sandbox, '\nbotContext.getMood();');
  expect(error).toMatchObject({
    message: 'TypeError: botContext.getMood is not a function that Errand knows',
    line: 2,
  });
});

test('a promise nobody handles is an error like one that was thrown', async () => {
  const { error } = await outputOf(sandbox, "Promise.resolve().then(function () { throw new Error('later'); });");
  expect(error).toMatchObject({ kind: 'thrown', message: 'Error: later' });
  const handled = "Promise.reject(1).catch(function () { botContext.sendMessage('caught'); });";
  expect(await sentBy(sandbox, handled)).toEqual(['caught']);
});

test('SB-14 time, randomness and zone are the same in a replay, and a busy wait ends', async () => {
  const code = `
    var from = Date.now();
    while (Date.now() - from < 5) {}
    botContext.sendMessage([new Date().getTimezoneOffset(), new Date(0).getHours(), from, Math.random(), typeof Intl].join());`;
  const replay = { now: 1_700_000_000_000, seed: 42 };
  const [first] = await sentBy(sandbox, code, replay);
  expect(first).toMatch(/^0,0,1700000000000,0\.\d+,undefined$/);
  expect(await sentBy(sandbox, code, replay)).toEqual([first]);
  expect(await sentBy(sandbox, code, { ...replay, seed: 43 })).not.toEqual([first]);
});

test('author regular expressions are matched in order; an invalid one does not match and is reported', async () => {
  const run = {
    api: 'regex',
    tenant: 'a',
    input: { text: 'Order 12', regexes: ['^order', '(', '\\d+$'], flags: 'i' },
  } as const;
  expect(await sandbox.run({ ...run, input: { ...run.input, regexes: [...run.input.regexes] } })).toEqual({
    ok: true,
    output: [true, false, true],
    notes: [expect.stringContaining('regular expression 2 is not valid')],
  });
});

test('flags at the start of an author regular expression count, as Java writes them', async () => {
  const regexes = [
    '(?i)ORDER',
    'ORDER',
    '(?s)order.12',
    'order.12',
    '(?m)^12',
    '^12',
    '(?is)ORDER.12',
    '(?u)(?m)^12$',
    'a(?i)',
  ];
  const input = { text: 'order\n12', regexes, flags: '' };
  expect(await sandbox.run({ api: 'regex', tenant: 'a', input })).toEqual({
    ok: true,
    output: [true, false, true, false, true, false, true, true, false],
    notes: [expect.stringContaining('regular expression 9 is not valid')],
  });
  const found = { text: 'an Order', regexes: ['(?i)(?i)ORDER'], flags: 'i', find: true };
  expect(await sandbox.run({ api: 'regex', tenant: 'a', input: found })).toEqual({ ok: true, output: ['Order'] });
});

test('an author regular expression is asked for what it first matches', async () => {
  const input = { text: 'Order 12 and 34', regexes: ['\\d+', 'x', '(', 'b*'], flags: 'i', find: true };
  expect(await sandbox.run({ api: 'regex', tenant: 'a', input })).toMatchObject({
    ok: true,
    output: ['12', false, false, ''],
  });
});
