/**
 * *Test request*: one call of an integration outside of any conversation, on the path that conversations use — the same
 * request, credential, retries and result model, the transform in the sandbox, the custom data fields.
 */
import type { BotDocument } from '../bot/document.ts';
import { guardScriptEffects } from '../delegation/handles.ts';
import { advance, type EngineState, initialState } from '../engine/advance.ts';
import { compile } from '../engine/compile.ts';
import type { EngineTrace, Facts, Input, Need } from '../engine/step.ts';
import type { Json } from '../world/json.ts';
import { newId } from '../world/id.ts';
import type { Rooms } from './parts.ts';
import { scriptResult } from './script.ts';
import type { Trial, TrialResult, Tried } from './trial.ts';
import { tryCall } from './try-call.ts';

const interactionId = 'test';
const mostSteps = 20;

export async function tryIntegration(rooms: Rooms, trial: Trial): Promise<TrialResult> {
  const { clock } = rooms.world;
  const started = clock.now();
  const bot = compile(documentFor(trial));
  const facts = factsFor(rooms, trial);
  const fresh = initialState();
  let state: EngineState = { ...fresh, variables: { ...fresh.variables, session: trial.variables } };
  let tried: Tried | undefined;
  const traces: EngineTrace[] = [];
  let input: Input | undefined = { type: 'run_again', interaction_id: interactionId };
  for (let steps = 0; input && steps < mostSteps; steps++) {
    const step: ReturnType<typeof advance> = advance({ bot, facts }, state, input);
    state = step.state;
    traces.push(...step.emitted.flatMap((emitted) => (emitted.type === 'trace' ? [emitted.entry] : [])));
    const { need } = step;
    if (need?.type === 'call') tried = await tryCall(rooms, trial, { view: need.variables, facts });
    input = need && (await answerTo(rooms, { need, facts, tried }));
  }
  const result = { ...(tried ?? neverSent), ...outcomeIn(trial, state), log: linesOf(traces) };
  return { ...result, ms: clock.now() - started };
}

const neverSent: Tried = {
  result: { outcome: 'misconfigured', status: null, body: null },
  outcome: 'misconfigured',
  detail: 'a part of the request is too long with its variables',
  request: null,
  answer: null,
  events: [],
};

async function answerTo(
  rooms: Rooms,
  given: { need: Need; facts: Facts; tried: Tried | undefined },
): Promise<Input | undefined> {
  const { need, facts, tried } = given;
  if (need.type === 'call') return { type: 'call_ended', result: tried?.result ?? neverSent.result };
  if (need.type !== 'script') return undefined;
  const outcome = await rooms.sandbox.run({
    api: 'bot',
    tenant: facts.account_id,
    lane: facts.conversation_id,
    // The scope is plain JSON by its type; Json has no optional members to say so.
    input: { hook: need.hook, code: need.code, globals: need.globals, scope: need.scope } as unknown as Json,
  });
  const result = scriptResult(outcome);
  // There is no permission and no sign-in here, so nothing that a script says is the genuine one.
  const { effects } = guardScriptEffects(result.effects, '');
  return { type: 'script_ended', result: { ...result, effects } };
}

/** A bot of one interaction, which calls the integration and does nothing else. */
function documentFor({ integration, bot }: Trial): BotDocument {
  const interactions = [
    { id: interactionId, name: interactionId, type: 'integration', integration: integration.name, next: { go: 'end' } },
  ] satisfies BotDocument['dialogs'][number]['interactions'];
  const globals = bot?.document.global_functions;
  return {
    format: 'errand.bot/1',
    name: 'Test request',
    dialogs: [{ id: interactionId, name: interactionId, type: 'standard', interactions }],
    integrations: [integration],
    ...(globals === undefined ? {} : { global_functions: globals }),
  };
}

function factsFor(rooms: Rooms, { account_id, environment, bot }: Trial): Facts {
  return {
    conversation_id: newId(rooms.world.random, 'test'),
    consumer_id: 'test',
    account_id,
    bot_id: bot?.id ?? 'test',
    channel: 'web',
    locale: 'en',
    environment,
  };
}

function outcomeIn(
  { integration, variables: before }: Trial,
  { variables: { session }, last_call }: EngineState,
): Pick<TrialResult, 'status' | 'fields' | 'variables'> {
  const prefix = `${integration.name}.`;
  const isField = (name: string) => name.startsWith(prefix);
  const changed = Object.entries(session).filter(
    ([name, value]) => !Object.hasOwn(before, name) || before[name] !== value,
  );
  const bounded = changed.map(([name, value]) => [name, shortened(value)] as const);
  return {
    status: last_call?.status ? Number(last_call.status) : null,
    fields: Object.fromEntries(
      bounded.filter(([name]) => isField(name)).map(([name, v]) => [name.slice(prefix.length), v]),
    ),
    variables: Object.fromEntries(bounded.filter(([name]) => !isField(name))),
  };
}

const longestValue = 64_000;

function shortened(value: Json): Json {
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : value;
}

function linesOf(traces: readonly EngineTrace[]): string[] {
  return traces.flatMap((entry) => {
    if (entry.kind === 'guard') return [entry.text];
    if (entry.kind !== 'log') return [];
    const place =
      entry.line === undefined ? '' : ` (${entry.hook ?? 'script'}, line ${entry.line}, column ${entry.column ?? 0})`;
    return [`${entry.level}: ${entry.text.slice(0, 2_000)}${place}`];
  });
}
