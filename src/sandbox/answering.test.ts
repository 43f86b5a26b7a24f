import { expect, test } from 'vitest';
import type { Json } from '../world/json.ts';
import type { ScriptAsk } from './script-ask.ts';
import { openSandbox, outputOf, runScript, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();

/** Answers, and remembers what was asked. */
function listening(give: (ask: ScriptAsk) => Json = () => ({ date: '', weekday: '', minute: 60 })) {
  const asks: ScriptAsk[] = [];
  const answer = async (ask: ScriptAsk): Promise<Json> => {
    asks.push(ask);
    return give(ask);
  };
  return { asks, answer };
}

const readsZone = (zone: string) => `botContext.getHoursType(['X~0:00~23:59'], '${zone}')`;

test('a script that reads of the platform is run again from its start, and what it did happens once', async () => {
  const { asks, answer } = listening();
  const code = `botContext.sendMessage('before ' + Math.random() + Date.now());
    botContext.sendMessage(${readsZone('UTC')} + ${readsZone('Asia/Tokyo')} + ${readsZone('UTC')});`;
  const sent = await sentBy(sandbox, code, { answer, now: 1_700_000_000_000, seed: 4 });
  expect(sent).toEqual([expect.stringMatching(/^before 0\.\d+1700000000000$/), 'XXX']);
  expect(asks.map(({ args }) => args[0])).toEqual(['UTC', 'Asia/Tokyo']);
});

test('each run from the start sees the same clock and the same random numbers', async () => {
  const zones: string[] = [];
  const { answer } = listening(({ args: [zone = ''] }) => {
    zones.push(zone);
    return { date: '', weekday: '', minute: 1 };
  });
  const code = `var mark = Math.random() + '|' + Date.now(); botContext.getHoursType([], mark); botContext.sendMessage(mark);`;
  expect(await sentBy(sandbox, code, { answer })).toEqual(zones);
});

test('a global function and a promise read as the hook itself does', async () => {
  const globals = `function open() { return ${readsZone('UTC')}; } var atStart = open();`;
  const code = 'Promise.resolve().then(function () { botContext.sendMessage(atStart + open()); });';
  expect(await sentBy(sandbox, code, { globals, answer: listening().answer })).toEqual(['XX']);
});

test('SB-08 a script that catches the end of its run gets nothing more done, and is run again all the same', async () => {
  const { asks, answer } = listening();
  const code = `var zone = 'none';
    try { zone = ${readsZone('UTC')}; } catch (e) { botContext = null; }
    try { botContext.sendMessage('zone ' + zone); } catch (e) {}
    if (zone === 'none') throw new Error('swallowed');`;
  expect(await sentBy(sandbox, code, { answer })).toEqual(['zone X']);
  expect(asks).toHaveLength(1);
});

test('SB-08 a script that reads without end is ended, and has done nothing', async () => {
  const { asks, answer } = listening();
  const code = `botContext.sendMessage('x'); for (var i = 0; i < 100; i++) botContext.getHoursType([], 'zone' + i);`;
  const outcome = await runScript(sandbox, code, { answer });
  expect(outcome).toMatchObject({ ok: false, kind: 'thrown', message: expect.stringContaining('more than 12') });
  expect(asks).toHaveLength(12);
});

test('LP-131 a script that forges the question it was answered already is ended', async () => {
  const { asks, answer } = listening();
  const code = `Object.defineProperty(Object.prototype, 'toJSON', { configurable: true, value: function () {
      return this && this.ask ? { ask: 'local_time', args: ['UTC'] } : this } });
    botContext.getHoursType([], 'Asia/Tokyo');`;
  const outcome = await runScript(sandbox, code, { answer });
  expect(outcome).toMatchObject({ ok: false, message: 'the script tampered with its own results' });
  expect(asks).toHaveLength(1);
});

test('SB-04 answers that are too much for a script end it', async () => {
  const { answer } = listening(() => ({ a: 'x'.repeat(2_100_000) }));
  const outcome = await runScript(sandbox, "botContext.getContextDataForUser('n')", { answer });
  expect(outcome).toMatchObject({ ok: false, kind: 'memory', message: expect.stringContaining('2000000') });
});

test('SB-04 with nobody to answer, everything that is read is null', async () => {
  const code = `botContext.sendMessage(JSON.stringify([botContext.getSentiment(), botContext.getNlpResponse(),
    botContext.getContextDataForUser('n'), botContext.deleteGlobalContextData('n', 'a')]));`;
  const { effects } = await outputOf(sandbox, code);
  expect(effects.at(-1)).toEqual({ type: 'send', text: '[null,null,null,false]' });
});

/** Each bends what the realm writes, to ask something that there is not. */
const forgeries: [string, string][] = [
  ['another name', `{ ask: 'secrets', args: ['x'] }`],
  ['an argument that is no text', `{ ask: 'context', args: [{ a: 1 }] }`],
  ['too many arguments', `{ ask: 'context', args: ['a', 'b', 'c'] }`],
  ['a long argument', `{ ask: 'context', args: [new Array(500).join('x')] }`],
  ['more members', `{ ask: 'context', args: [], account_id: 'other' }`],
];

test.each(forgeries)('LP-131 a forged question with %s reaches nobody', async (_what, forged) => {
  const { asks, answer } = listening();
  const code = `Object.defineProperty(Object.prototype, 'toJSON', { configurable: true, value: function () {
      return this && this.ask ? ${forged} : this } });
    botContext.getHoursType([], 'UTC');`;
  const outcome = await runScript(sandbox, code, { answer });
  expect(outcome.ok).toBe(false);
  expect(asks).toEqual([]);
});

test('LP-131 overwriting JSON, String, Array and Object changes neither what is asked nor what is answered', async () => {
  const { asks, answer } = listening();
  const code = `JSON.stringify = function () { return '{"ask":"context","args":["global","x"]}' };
    JSON.parse = function () { return { forged: true } }; Array.isArray = function () { return false };
    Object.prototype.hasOwnProperty = function () { return true }; String.prototype.slice = null;
    Array.prototype[Symbol.iterator] = null;
    botContext.sendMessage('' + ${readsZone('UTC')});`;
  await runScript(sandbox, code, { answer });
  for (const ask of asks) expect(ask.ask).toBe('local_time');
});

test('LP-131 what one run was answered is not there in the next, of any tenant', async () => {
  const single = openSandbox({ size: 1 });
  const leaves = `Object.prototype.leaked = botContext.getContextDataForUser('n').secret; botContext.leaked = 1;`;
  await runScript(single, leaves, { tenant: 'a', answer: async () => ({ secret: 'mine' }) });
  const code = `botContext.sendMessage(JSON.stringify([botContext.getContextDataForUser('n'), {}.leaked === undefined]));`;
  expect(await sentBy(single, code, { tenant: 'b' })).toEqual(['[null,true]']);
});
