import { beforeEach, expect, test } from 'vitest';
import { systemClock } from '../world/world.ts';
import { openSandbox, outputOf, patient, runScript, sentBy, untilFull } from './sandbox.test-parts.ts';

const sandbox = openSandbox({ clock: systemClock });
const limit_ms = 100;
/** ms that other work on the machine may add. */
const busyMachine = 3_000;
beforeEach(() => untilFull(sandbox));

/** Ended by the engine itself, at the limit. */
const interrupted: [string, string][] = [
  ['an endless loop', 'for (;;) {}'],
  ['a loop that catches everything', 'function f() { try { for (;;) {} } catch (e) { f() } finally { f() } } f()'],
  ['a catastrophic regular expression', "/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')"],
  ['promises without end', 'function f() { return Promise.resolve().then(f) } f()'],
  ['an error whose message never ends', 'throw { get message() { for (;;) {} } }'],
  ['a sort that compares for ever', '[1, 2].sort(function () { for (;;) {} })'],
];

/** What ends a script here is the engine, however busy the machine is. */
const unhurried = openSandbox({ size: 1 });

test.each(interrupted)('%s ends as a timeout, without a kill', async (_name, code) => {
  const message = 'the script ran longer than its limit';
  expect(await runScript(unhurried, code, { limit_ms })).toEqual({ ok: false, kind: 'timeout', message });
});

/** The engine does not interrupt these; only the death of the process ends them. */
const killed: [string, string][] = [
  ['a quadratic indexOf', "new Array(400001).join('a').indexOf(new Array(200001).join('a') + 'b')"],
  ['a reverse of a sparse array', 'var a = []; a.length = 4294967295; a.reverse()'],
];

test.each(killed)('%s is killed within its limit + 500 ms, and neighbours answer meanwhile', async (_name, code) => {
  const started = performance.now();
  let ended = false;
  const runaway = runScript(sandbox, code, { limit_ms: 1_500, tenant: 'attacker' }).then((outcome) => {
    ended = true;
    return outcome;
  });
  let answeredMeanwhile = 0;
  for (const message of ['1', '2', '3', '4', '5']) {
    expect(await sentBy(sandbox, `botContext.sendMessage(${message})`, { tenant: 'neighbour' })).toEqual([message]);
    if (!ended) answeredMeanwhile += 1;
  }
  expect(answeredMeanwhile).toBeGreaterThan(0);
  expect(await runaway).toMatchObject({ ok: false, kind: 'timeout' });
  expect(performance.now() - started).toBeLessThan(1_500 + 500 + busyMachine);
});

/** Ended by the memory or stack limit; the script may also catch it. */
const greedy: [string, string][] = [
  ['arrays without end', 'var a = []; for (;;) a.push(new Array(10000).join("x") + a.length)'],
  ['typed arrays', 'var a = []; for (;;) a.push(new Uint8Array(1e6))'],
  ['a string that doubles', "var s = 'x'; for (;;) s += s"],
  ['one huge string', "'x'.repeat(536870911)"],
  ['a huge array filled', 'new Array(1e9).fill(1)'],
  ['a big integer', 'var n = 2n; for (;;) n *= n'],
  ['map keys', 'var m = new Map(); for (var i = 0;; i++) m.set(i, {})'],
];

test.each(greedy)('%s ends at a limit, and the sandbox goes on', async (_name, code) => {
  const outcome = await runScript(sandbox, code, { limit_ms: 1_000 });
  const said = outcome.ok ? JSON.stringify(outcome.output) : outcome.kind;
  expect(said).toMatch(/memory|timeout|RangeError|InternalError/);
  expect(await sentBy(sandbox, 'botContext.sendMessage("on")')).toEqual(['on']);
});

test('the memory limit is the engine’s own, and named', async () => {
  const outcome = await runScript(sandbox, 'var a = []; for (;;) a.push(new Uint8Array(1e6))', { limit_ms: 3_000 });
  expect(outcome).toEqual({ ok: false, kind: 'memory', message: 'the script used more than 32 MB' });
});

test('too deep a recursion is an error the author can catch, at a place', async () => {
  const code = 'try { (function f() { f() })() } catch (e) { botContext.sendMessage(e.name) }';
  expect(await sentBy(sandbox, code)).toEqual(['RangeError']);
  const { error } = await outputOf(sandbox, '(function f() { f() })()');
  expect(error).toMatchObject({ kind: 'thrown', in: 'code', line: 1 });
});

const deep: [string, string][] = [
  ['recursion', '(function f() { f() })()'],
  ['recursion through a getter', 'var o = { get a() { return this.a } }; o.a'],
  ['recursion through toString', "var o = { toString: function () { return '' + this } }; '' + o"],
  ['recursion through a proxy', 'var p = new Proxy({}, {}); for (var i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x'],
  ['recursion through sort', '(function f() { [2, 1].sort(f) })()'],
  ['nested JSON', "JSON.parse(new Array(100001).join('['))"],
  ['nested source', "eval(new Array(20001).join('(') + new Array(20001).join(')'))"],
  ['nested pattern', "new RegExp(new Array(50001).join('('))"],
];

test.each(deep)('deep %s is an error of the script, and the sandbox goes on', async (_name, code) => {
  const outcome = await runScript(sandbox, code, { limit_ms: 1_000 });
  expect(outcome.ok ? JSON.stringify(outcome.output) : outcome.kind).toMatch(/"error":|memory|timeout/);
  expect(await sentBy(sandbox, 'botContext.sendMessage("on")')).toEqual(['on']);
});

test('a catastrophic pattern of an author ends by the limit, and says so', async () => {
  const input = { text: `${'a'.repeat(40)}b`, regexes: ['^(a+)+$'], flags: 'i' };
  expect(await sandbox.run({ api: 'regex', tenant: 'a', input, limit_ms })).toMatchObject({
    ok: false,
    kind: 'timeout',
  });
});

/** Runaways that are told apart by their text, so that none rests because another one ran into its limit. */
const runaways = (count: number) => Array.from({ length: count }, (_, i) => `for (;;) {} // ${i}`);

test('one tenant’s flood makes another wait for no more than its turn', async () => {
  const order: string[] = [];
  const flood = runaways(6).map((code) => runScript(sandbox, code, { limit_ms, tenant: 'attacker' }));
  const neighbour = runScript(sandbox, '1', { tenant: 'neighbour' }).then(() => order.push('neighbour'));
  const last = flood.at(-1)?.then(() => order.push('the last of the flood'));
  await Promise.all([neighbour, last, ...flood]);
  expect(order[0]).toBe('neighbour');
});

test('one conversation’s flood makes others of its tenant wait for no more than their turn', async () => {
  const order: string[] = [];
  const flood = runaways(6).map((code) => runScript(sandbox, code, { limit_ms, lane: 'flood' }));
  const other = runScript(sandbox, '1', { lane: 'other' }).then(() => order.push('other'));
  const last = flood.at(-1)?.then(() => order.push('the last of the flood'));
  await Promise.all([other, last, ...flood]);
  expect(order[0]).toBe('other');
});

test('code that has just run into its limit rests: it is answered at once, for its own tenant only, and says so', async () => {
  const now = { ms: 1_000_000 };
  const own = openSandbox({ size: 1, clock: { ...patient(systemClock), now: () => now.ms } });
  const input = { text: `${'a'.repeat(40)}b`, regexes: ['^(a+)+$'], flags: 'i' };
  const match = (tenant: string, text: string) =>
    own.run({ api: 'regex', tenant, input: { ...input, text }, limit_ms });
  expect(await match('a', input.text)).toMatchObject({ ok: false, kind: 'timeout' });
  expect(await match('a', 'aaa')).toMatchObject({
    ok: false,
    kind: 'timeout',
    message: expect.stringMatching(/rests/),
  });
  expect(await match('b', 'aaa')).toEqual({ ok: true, output: [true] });
  now.ms += 2_000;
  expect(await match('a', 'aaa')).toEqual({ ok: true, output: [true] });
});

test('what waited behind code that ran into its limit is not run to its limit too', async () => {
  // A clock that stands still: no rest is over while this lasts.
  const own = openSandbox({ size: 1, clock: { ...patient(systemClock), now: () => 1_000_000 } });
  const flood = Array.from({ length: 20 }, () => runScript(own, 'for (;;) {}', { limit_ms, tenant: 'again' }));
  const outcomes = await Promise.all(flood);
  const rested = outcomes.filter((outcome) => !outcome.ok && /rests/.test(outcome.message));
  expect(rested).toHaveLength(19);
});
