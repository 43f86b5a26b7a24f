import { expect, test } from 'vitest';
import { openSandbox, outputOf, runScript, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();
const say = (expression: string) => `botContext.sendMessage(String(${expression}));`;

/** Each looks for a way out and says what it found. */
const escapes: [string, string, string][] = [
  ['constructor of constructor', "[].constructor.constructor('return typeof process')()", 'undefined'],
  ['constructor of a host function', "botContext.sendMessage.constructor('return typeof process')()", 'undefined'],
  [
    'caller of a host function',
    "(function () { try { return typeof arguments.callee.caller } catch (e) { return 'no' } })()",
    'undefined',
  ],
  ['Function', "Function('return this')() === globalThis && typeof Function('return process')", 'function'],
  ['indirect eval stays inside', "(0, eval)('typeof process + typeof require')", 'undefinedundefined'],
  [
    'names of Node and of browsers',
    '[typeof process, typeof require, typeof module, typeof fetch, typeof WebAssembly, typeof setTimeout, typeof std, typeof os].join()',
    Array(8).fill('undefined').join(),
  ],
  ['async constructor', "(async function () {}).constructor('return typeof process')() instanceof Promise", 'true'],
  [
    'error stack of the host',
    '(function () { try { null.x } catch (e) { return /node:|\\/work|entry\\.ts/.test(e.stack) } })()',
    'false',
  ],
  [
    'Error.prepareStackTrace',
    "(function () { Error.prepareStackTrace = function (e, s) { return s }; var s = new Error().stack; return JSON.stringify(s).indexOf('node') })()",
    '-1',
  ],
];

test.each(escapes)('SB-05 finds no way out by %s', async (_name, expression, expected) => {
  expect(await sentBy(sandbox, say(expression))).toEqual([expected]);
});

test('SB-05 import() finds nothing, and nothing of our own', async () => {
  const own =
    "import('prelude').then(function (m) { botContext.sendMessage(Object.keys(m).length + typeof prelude) }, function () { botContext.sendMessage('0undefined') })";
  expect(await sentBy(sandbox, own)).toEqual(['0undefined']);
  const code =
    "import('node:fs').then(function () { botContext.sendMessage('open') }, function (e) { botContext.sendMessage('shut') })";
  expect(await sentBy(sandbox, code)).toEqual(['shut']);
});

/** Each does its worst to the realm it runs in; the next run must not notice. */
const poisons = [
  'Object.prototype.x = 1; Object.prototype.toJSON = function () { return 1 };',
  'JSON.parse = JSON.stringify = null; Array.prototype.push = null; String = null;',
  "({}).__proto__.polluted = 1; Object.defineProperty(Object.prototype, 'type', { get: function () { return 'send' } });",
  'globalThis.botContext = null; globalThis.console = null; delete globalThis.Math;',
  'Function.prototype.call = Function.prototype.apply = function () { return null };',
  'Object.freeze(Object.prototype); for (var k of Object.getOwnPropertyNames(globalThis)) { try { delete globalThis[k] } catch (e) {} }',
];

test.each(poisons)('SB-05 the next run, of any tenant, meets a whole realm after: %s', async (poison) => {
  await runScript(sandbox, poison, { tenant: 'attacker' });
  const look = `botContext.sendMessage(JSON.stringify([{}.x === undefined, {}.polluted === undefined, typeof console.log, [1].concat(2), typeof Math.max]));`;
  for (const tenant of ['attacker', 'attacker', 'neighbour', 'neighbour']) {
    expect(await sentBy(sandbox, look, { tenant })).toEqual(['[true,true,"function",[1,2],"function"]']);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('SB-06 run 2 does not see what run 1 left: globals, symbols, prototypes', async () => {
  const single = openSandbox({ size: 1 });
  const leave =
    "secret = 'one'; var declared = 1; globalThis[Symbol.for('s')] = 2; Array.prototype.s = 3; RegExp.lastMatch; /o/.exec('one');";
  await runScript(single, leave);
  const look = say("[typeof secret, typeof declared, globalThis[Symbol.for('s')], [].s].join()");
  expect(await sentBy(single, look)).toEqual(['undefined,undefined,,']);
});

test.each([
  ['__proto__', '__proto__'],
  ['nothing', ''],
  ['10,000 characters', 'n'.repeat(10_000)],
])('SB-07 a variable may not be named %s', async (_what, name) => {
  const { effects, error } = await outputOf(sandbox, `botContext.setBotVariable(${JSON.stringify(name)}, 'x', true)`);
  expect(effects).toEqual([]);
  expect(error?.message).toContain('a name has 1 to 200 characters');
});

test.each(['constructor', 'toString', 'hasOwnProperty'])('SB-07 a variable named %s is data', async (name) => {
  const code = `botContext.setBotVariable('${name}', { polluted: 1 }); botContext.sendMessage(botContext.getBotVariable('${name}').polluted);`;
  expect(await sentBy(sandbox, code)).toEqual(['1']);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('SB-07 a key __proto__ inside a value never leaves the sandbox', async () => {
  const code = `botContext.setBotVariable('v', JSON.parse('{"__proto__": {"polluted": 1}, "a": {"__proto__": 2, "b": 3}}'));`;
  const { effects } = await outputOf(sandbox, code);
  expect(effects).toEqual([{ type: 'set_variable', name: 'v', value: { a: { b: 3 } }, scope: 'request' }]);
});

const badValues: [string, string, string][] = [
  ['a 50 MB string', "new Array(50e6).join('x')", ''],
  ['a cyclic object', '(function () { var a = {}; a.a = a; return a })()', 'circular reference'],
  ['a million keys', '(function () { var o = {}; for (var i = 0; i < 1e6; i++) o["k" + i] = i; return o })()', ''],
  ['a toJSON that throws', "({ toJSON: function () { throw new Error('bomb') } })", 'bomb'],
  ['a toJSON that never ends', '({ toJSON: function () { return { a: this } } })', ''],
  ['a getter that throws', "({ get a() { throw new Error('got') } })", 'got'],
  ['a value 10,000 deep', '(function () { var a = []; for (var i = 0; i < 10000; i++) a = [a]; return a })()', ''],
  ['a proxy', "new Proxy({}, { ownKeys: function () { throw new Error('trap') } })", 'trap'],
];

test.each(badValues)('SB-04 refuses %s with a named error', async (_name, value, message) => {
  const outcome = await runScript(sandbox, `botContext.setBotVariable('v', ${value});`);
  const said = outcome.ok ? JSON.stringify(outcome.output) : `${outcome.kind} ${outcome.message}`;
  expect(said).toMatch(/"error":|memory|timeout|deep/);
  expect(said).toContain(message);
  expect(said.length).toBeLessThan(2_000);
});

test('SB-04 lone surrogates and NUL come out as what every store can keep', async () => {
  expect(await sentBy(sandbox, "botContext.sendMessage('a\\ud800b\\u0000c\\u2028d😀')")).toEqual([
    'a\uFFFDb\uFFFDc\u2028d😀',
  ]);
});

test('SB-04 what goes in arrives whole: line separators, surrogates, NUL, quotes', async () => {
  const odd = 'a\u2028b\u2029c\0d"\\\n\r😀';
  expect(
    await sentBy(sandbox, say('botContext.getCurrentUserMessage().length'), { scope: { user_message: odd } }),
  ).toEqual([String(odd.length)]);
});

test('SB-04 an input over the limit is refused before it reaches a jail', async () => {
  const outcome = await runScript(sandbox, '1', { scope: { variables: { big: 'x'.repeat(5_000_000) } } });
  expect(outcome).toMatchObject({ ok: false, kind: 'memory' });
});

test('SB-04 a script can work on an answer of 1 MB', async () => {
  const scope = { variables: { api_orders: { body: 'x'.repeat(1_000_000) } } };
  const code =
    "var v = botContext.getBotVariable('api_orders'); v.n = v.body.length; botContext.setBotVariable('api_orders', v, true);";
  const { effects } = await outputOf(sandbox, code, { scope, limit_ms: 2_000 });
  expect(effects).toMatchObject([{ type: 'set_variable', value: { n: 1_000_000 } }]);
});

test('SB-08 a hundred thousand log lines are capped, and the author sees it', async () => {
  const { effects } = await outputOf(sandbox, "for (var i = 0; i < 1e5; i++) console.log('line');", {
    limit_ms: 2_000,
  });
  expect(effects).toHaveLength(1_000);
  expect(effects.at(-1)).toMatchObject({
    type: 'log',
    level: 'error',
    text: expect.stringContaining('more than 1000'),
  });
});

test('SB-08 a script that forges its own results gets no other shapes through', async () => {
  const forge = (text: string) =>
    `JSON.stringify = function () { return ${JSON.stringify(text)} }; Object.prototype.toString = null; botContext.sendMessage('x');`;
  expect(await sentBy(sandbox, forge('{"type":"call"}'))).toEqual(['x']);
  const bent =
    "Object.defineProperty(Object.prototype, 'toJSON', { value: function () { return { type: 'delete_everything' } } }); botContext.sendMessage('x');";
  expect(await runScript(sandbox, bent)).toMatchObject({
    ok: false,
    message: 'the script tampered with its own results',
  });
});

test('TK-05 a handle stays the handle it was, wherever a script puts it', async () => {
  const handle = 'errand:token:0123456789012345678901';
  const code = `
    var t = botContext.getWebViewVariable('cidp_accessToken');
    console.log(t); botContext.sendMessage(t); botContext.setBotVariable('t', { t: t });
    botContext.addQuickReplies([t + '~' + t]); botContext.logCustomEvent(t, 'n', t); throw new Error(t);`;
  const text = JSON.stringify(
    await outputOf(sandbox, code, { scope: { web_view_variables: { cidp_accessToken: handle } } }),
  );
  expect(text.split(handle)).toHaveLength(9);
  expect(text.replaceAll(handle, '')).not.toContain('errand:token');
});

test('TK-11 a handle split and joined again is the same handle: there is nothing else to learn', async () => {
  const code =
    "var t = botContext.getWebViewVariable('cidp_accessToken'); botContext.sendMessage(t.split('').reverse().join('') + t.length);";
  expect(await sentBy(sandbox, code, { scope: { web_view_variables: { cidp_accessToken: 'abc' } } })).toEqual(['cba3']);
});
