import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { BotDocument, Condition, interactions } from '../bot/document.ts';
import { advance, type EngineState, initialState } from './advance.ts';
import { type Bot, compile } from './compile.ts';
import { bots, type World, worlds } from './random-bots.test-parts.ts';
import { asStored, facts } from './replay.test-support.ts';
import type { Input, Need } from './step.ts';

const schema = Compile(BotDocument);

test('the random bots are documents, of every kind of interaction, dialog and condition', () => {
  const documents = fc.sample(bots, { numRuns: 300, seed: 1 });
  for (const document of documents) expect([...schema.Errors(document)]).toEqual([]);
  const all = documents.flatMap(({ dialogs }) => dialogs);
  const each = all.flatMap((dialog) => dialog.interactions);
  expect(new Set(each.map(({ type }) => type))).toEqual(new Set(Object.keys(interactions)));
  expect(new Set(all.map(({ type }) => type)).size).toBe(4);
  const conditions = each.flatMap(({ rules = [] }) => rules.flatMap(({ when }) => when?.match ?? []));
  expect(new Set(conditions).size).toBe(Condition.anyOf.length);
});

/** Steps that one input may take. */
const mostSteps = 600;

test('1,000 random bots and conversations never throw and never loop, and go on the same from a stored state', () => {
  const passed = new Set<string>();
  fc.assert(
    fc.property(bots, worlds, (document, world) => {
      const bot = compile(document);
      const answer = answering(world);
      let state = initialState();
      for (const input of world.inputs) state = settle({ bot, state, input }, answer, passed);
    }),
    { numRuns: 1_000 },
  );
  // The conversations have been everywhere: nothing above was true for want of being tried.
  for (const one of ['script', 'regex', 'call', 'understand', 'transfer', 'route'])
    expect([...passed]).toContain(`need ${one}`);
  for (const one of ['starter', 'intent', 'rule', 'fallback', 'context_switch', 'disambiguation', 'escalation'])
    expect([...passed]).toContain(`matched ${one}`);
});

interface Going {
  bot: Bot;
  state: EngineState;
  input: Input;
}

/** From one input until the bot waits. Each step is taken twice: from the state, and from what a store would give back for it. */
function settle({ bot, state: before, input: first }: Going, answer: (need: Need) => Input, passed: Set<string>) {
  let state = before;
  let input: Input | undefined = first;
  let messages = 0;
  for (let steps = 0; input; steps++) {
    expect(steps).toBeLessThan(mostSteps);
    const stored = asStored(state);
    const step = advance({ bot, facts }, state, input);
    expect(state).toEqual(stored);
    expect(advance({ bot, facts }, stored, input)).toEqual(step);
    expect(asStored(step.state)).toEqual(step.state);
    for (const emitted of step.emitted) {
      if (emitted.type === 'message') messages += 1;
      if (emitted.type === 'trace' && emitted.entry.kind === 'matched') passed.add(`matched ${emitted.entry.by}`);
    }
    if (step.need) passed.add(`need ${step.need.type}`);
    state = step.state;
    input = step.need && answer(step.need);
  }
  expect(messages).toBeLessThan(100);
  return state;
}

function answering({ effects, results, understandings }: World): (need: Need) => Input {
  let count = 0;
  const next = <T>(list: readonly T[]): T | undefined => list[count % list.length];
  const by: { [T in Need['type']]: (need: Extract<Need, { type: T }>) => Input } = {
    script: () => ({ type: 'script_ended', result: { effects: next(effects) ?? [] } }),
    regex: ({ regexes }) => ({
      type: 'regex_matched',
      matched: regexes.map(() => count % 2 === 0),
      failed: count % 7 === 0,
    }),
    understand: () => ({ type: 'understood', understanding: next(understandings) ?? { intents: [], entities: [] } }),
    transfer: () => ({ type: 'transferred', accepted: count % 3 === 0 }),
    route: () => ({ type: 'not_routed', reason: 'there is no other bot' }),
    call: () => {
      const result = next(results);
      return typeof result === 'object'
        ? { type: 'call_ended', result }
        : { type: 'call_parked', call_id: result ?? '' };
    },
  };
  return (need) => {
    count += 1;
    // The table has each need's own answer; only its type is lost on the way.
    return (by[need.type] as (need: Need) => Input)(need);
  };
}
