import { expect, test } from 'vitest';
import { botOf, converse, dialogOf, integration, question, starter, text } from './replay.test-support.ts';
import type { ScriptEffect, ScriptResult } from './step.ts';

const document = botOf([
  dialogOf(
    'd',
    starter('s', 'go'),
    text('a', 'A', { pre_process: 'pre' }),
    text('b', 'B {$botContext.x}'),
    question('q', 'Q?', { process_user_response: 'answer' }),
    text('c', 'C'),
  ),
  dialogOf('e', text('Other place', 'Other')),
]);
const doing = (...effects: ScriptEffect[]) =>
  converse(document, { script: ({ hook }) => ({ effects: hook === 'pre_process' ? effects : [] }) });

test('LP-125 __initConversation runs once per session, before anything else; global functions go with every script', () => {
  const bot = converse({ ...document, global_functions: 'function __initConversation() {}' });
  expect(bot.say('go').needs.map((need) => need.type === 'script' && [need.hook, need.globals])).toEqual([
    ['init', 'function __initConversation() {}'],
    ['pre_process', 'function __initConversation() {}'],
  ]);
  expect(bot.say('hm').needs.map((need) => need.type === 'script' && need.hook)).toEqual(['process_user_response']);
});

test('effects are applied in their order', () => {
  const bot = doing(
    { type: 'set_variable', name: 'x', value: 7, scope: 'session' },
    { type: 'send', text: 'First' },
    { type: 'delay', ms: 99_999 },
  );
  const { messages } = bot.say('go');
  expect(messages).toEqual([{ text: 'First' }, { text: 'A', delay_ms: 10_000 }, { text: 'B 7' }, { text: 'Q?' }]);
});

test('LP-127 setTriggerNextMessage names the interaction that comes next, in any dialog; an unknown name is a warning', () => {
  // Asked for before an interaction it comes in place of it; what the script has sent stands.
  const effects: ScriptEffect[] = [
    { type: 'send', text: 'Before' },
    { type: 'go_to', interaction: 'Other place' },
  ];
  expect(doing(...effects).say('go').texts).toEqual(['Before', 'Other']);
  const lost = doing({ type: 'go_to', interaction: 'Welcome Back' }).say('go');
  expect(lost.texts).toEqual(['A', 'B {$botContext.x}', 'Q?']);
  expect(lost.traces).toContainEqual(
    expect.objectContaining({ kind: 'log', level: 'warn', text: expect.stringContaining('Welcome Back') }),
  );
});

test('LP-127 a jump asked for after an interaction comes after what it said', () => {
  const jumping = botOf([
    dialogOf('d', starter('s', 'go'), text('a', 'A', { post_process: 'jump' }), text('b', 'B'), text('c', 'C')),
  ]);
  const bot = converse(jumping, { script: () => ({ effects: [{ type: 'go_to', interaction: 'c' }] }) });
  expect(bot.say('go').texts).toEqual(['A', 'C']);
});

test('LP-127 platform.default from a dialog that what was said has started is the fallback, not the same dialog again', () => {
  const handing = (hook: 'pre_process' | 'post_process') =>
    botOf([
      dialogOf('d', starter('s', 'go'), text('a', 'A', { [hook]: 'hand on' })),
      { ...dialogOf('f', text('f', 'Fallback')), type: 'fallback' },
    ]);
  const script = (): ScriptResult => ({ effects: [{ type: 'go_to', interaction: 'platform.default' }] });
  expect(converse(handing('pre_process'), { script }).say('go').texts).toEqual(['Fallback']);
  expect(converse(handing('post_process'), { script }).say('go').texts).toEqual(['A', 'Fallback']);
});

test('a jump asked for before a call leaves the call out', () => {
  const jumping = botOf([
    dialogOf('d', starter('s', 'go'), integration('call', { pre_process: 'jump' }), text('no', 'Not called')),
  ]);
  const said = converse(jumping, { script: () => ({ effects: [{ type: 'go_to', interaction: 'no' }] }) }).say('go');
  expect(said.texts).toEqual(['Not called']);
  expect(said.needs.map(({ type }) => type)).toEqual(['script']);
});

test('LP-123 numbers and booleans become text, lists and objects stay; null unsets', () => {
  const bot = doing(
    { type: 'set_variable', name: 'n', value: 7, scope: 'session' },
    { type: 'set_variable', name: 'b', value: false, scope: 'session' },
    { type: 'set_variable', name: 'l', value: [1, { a: true }], scope: 'session' },
    { type: 'set_variable', name: 't', value: '[1]', scope: 'session' },
    { type: 'set_variable', name: 'u', value: 'x', scope: 'session' },
    { type: 'set_variable', name: 'u', value: null, scope: 'session' },
  );
  bot.say('go');
  const [need] = bot.say('answer').needs;
  const variables = need?.type === 'script' ? need.scope.variables : {};
  expect(variables).toEqual({ n: '7', b: 'false', l: [1, { a: true }], t: '[1]' });
});

test('LP-122 what the next bot is to start with is gathered until it is handed over', () => {
  const bot = doing(
    { type: 'bot_transfer', intent: 'buy', domain: 'shop' },
    { type: 'bot_transfer', message: 'I want a lamp' },
    { type: 'bot_transfer', intent: 'order' },
  );
  expect(bot.say('go').state.bot_transfer).toEqual({ intent: 'order', domain: 'shop', message: 'I want a lamp' });
});

test('LP-122 escalation events and changes of the context service leave the engine as they are', () => {
  const change = { op: 'set', of: 'user', namespace: 'n', name: 'a', value: [1] } as const;
  const escalation = { type: 'escalation_event', message: 'agent', target: 'LivePerson' } as const;
  const { emitted } = doing({ type: 'context', change: { ...change, value: [1] } }, escalation).say('go');
  expect(emitted).toContainEqual({ type: 'context', change });
  expect(emitted).toContainEqual(escalation);
});

test('LP-127 an immediate reply stops the flow; after an answer the question stays open', () => {
  expect(
    doing({ type: 'reply_immediately', texts: ['Stop', 'here'] }, { type: 'send', text: 'never' }).say('go').texts,
  ).toEqual(['Stop', 'here']);
  const picky = converse(document, {
    script: ({ hook, scope }): ScriptResult => ({
      effects:
        hook === 'process_user_response' && scope.user_message !== '7'
          ? [{ type: 'reply_immediately', texts: ['A number'] }]
          : [],
    }),
  });
  picky.say('go');
  expect(picky.say('x').texts).toEqual(['A number']);
  expect(picky.say('7').texts).toEqual(['C']);
});

test('quick replies of a script join the next message', () => {
  const { messages } = doing({ type: 'add_quick_replies', replies: [{ title: 'Yes', payload: 'y' }] }).say('go');
  expect(messages[0]).toEqual({ text: 'A', quick_replies: [{ title: 'Yes', payload: 'y' }] });
  expect(messages[1]?.quick_replies).toBeUndefined();
});

test('LP-126 an error inside of global functions says so, wherever they were called', () => {
  const error = { message: 'no', line: 3, column: 1, kind: 'thrown', in: 'globals' } as const;
  const said = converse(document, { script: () => ({ effects: [], error }) }).say('go');
  expect(said.traces).toContainEqual(expect.objectContaining({ hook: 'global_functions', line: 3, interaction: 'a' }));
});

test("LP-126 a script's error is logged with its place in the author's text, and the flow goes on", () => {
  const bot = converse(document, {
    script: () => ({ effects: [], error: { message: 'x is not defined', line: 3, column: 5, kind: 'thrown' } }),
  });
  const said = bot.say('go');
  expect(said.traces).toContainEqual({
    kind: 'log',
    level: 'error',
    text: 'thrown: x is not defined',
    hook: 'pre_process',
    interaction: 'a',
    line: 3,
    column: 5,
  });
  expect(said.texts).toContain('Q?');
});

test('SB-09 where scripts cannot run, nothing after the hook happens', () => {
  const guarded = botOf([dialogOf('d', starter('s', 'go'), integration('call', { pre_process: 'check' }))]);
  const said = converse(guarded, {
    script: () => ({ effects: [], error: { message: 'no jail', kind: 'unavailable' } }),
  }).say('go');
  expect(said.needs.map(({ type }) => type)).toEqual(['script']);
  expect(said.texts[0]).toContain('not set up correctly');
});

test('SB-04 what comes out of a script is checked before it is used', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 5_000; level++) deep = [deep];
  const forged: unknown[] = [
    null,
    7,
    { type: 'send', text: 7 },
    { type: 'reply_immediately', texts: 'abc' },
    { type: 'set_variable', name: 'x', value: deep, scope: 'session' },
    { type: 'set_variable', name: 'x', value: 1, scope: '__proto__' },
    { type: 'eval' },
    { type: 'context', change: { op: 'set', of: 'everybody', namespace: 'n', name: 'a', value: 1 } },
    { type: 'context', change: { op: 'register', namespace: 'n', ttl_s: 1e99 } },
    { type: 'bot_transfer', intent: 7 },
  ];
  const result: ScriptResult = JSON.parse(JSON.stringify({ effects: [] }));
  Object.assign(result, { effects: forged });
  const said = converse(document, { script: () => result }).say('go');
  expect(said.texts).toEqual(['A', 'B {$botContext.x}', 'Q?']);
});

test('SB-07 variables called like members of objects are variables like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const effects = names.map((name) => ({
    type: 'set_variable' as const,
    name,
    value: `my ${name}`,
    scope: 'session' as const,
  }));
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        text('a', names.map((name) => `{$botContext.${name}}`).join(' '), { pre_process: 'x' }),
      ),
    ]),
    { script: () => ({ effects }) },
  );
  expect(bot.say('go').texts).toEqual([names.map((name) => `my ${name}`).join(' ')]);
  expect(Object.hasOwn(Object.prototype, 'my __proto__')).toBe(false);
});

test('LP-124 request variables live from the question to its answer, dialog variables as long as the dialog', () => {
  const sets = (scope: 'request' | 'dialog') => ({
    rules: [{ set: [{ name: scope, value: 'set', scope }], then: { go: 'next' as const } }],
  });
  const show = '{$botContext.request} {$botContext.dialog}';
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        text('a', 'BLANK_MESSAGE', sets('request')),
        text('b', 'BLANK_MESSAGE', sets('dialog')),
        question('q1', '1?'),
        question('q2', show),
        question('q3', show),
        text('end', 'x', { next: { go: 'dialog', id: 'e' } }),
      ),
      dialogOf('e', text('other', show)),
    ]),
  );
  bot.say('go');
  expect(bot.say('one').texts).toEqual(['set set']);
  expect(bot.say('two').texts).toEqual(['{$botContext.request} set']);
  expect(bot.say('three').texts).toEqual(['x', '{$botContext.request} {$botContext.dialog}']);
});
