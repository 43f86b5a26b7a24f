import { hear } from './hear.ts';
import type { Bot } from './compile.ts';
import { jump, stop } from './jump.ts';
import { settleFallbacks } from './escalate.ts';
import { fallBack } from './fall-back.ts';
import { fileAnswered, fileReceived, handedOn, takesOn } from './file.ts';
import { find, findByIntent } from './find.ts';
import { receive, reply } from './reply.ts';
import { fillSlots } from './slots.ts';
import { notRouted } from './route.ts';
import { storeResult } from './result.ts';
import { regexesOf } from './rules.ts';
import { after, decide, endUndecided, enter, fields, finish, onward, perform, returned } from './run-interaction.ts';
import { applyScript } from './script.ts';
import { giveBack, isTaken, takeBack, transferFailed, transferred } from './transfer.ts';
import { keepWebView } from './web-view.ts';
import { suspend } from './stack.ts';
import { type EngineState, newFlow, type Parked, type Stage } from './state.ts';
import type { CallResult, Facts, Input, Need, ScriptResult, Step, Understanding } from './step.ts';
import { type Onward, placeOf, type Turn, trace } from './turn.ts';

export { type EngineState, initialState } from './state.ts';

/** What runs at each stage, and says which one follows. The order of hooks is read off here. */
const stages: Record<Exclude<Stage, 'stop'>, (turn: Turn) => Onward> = {
  receive,
  reply,
  find,
  intents: findByIntent,
  slots: fillSlots,
  enter,
  perform,
  returned,
  fields,
  after,
  onward,
  decide,
  finish,
  handed_on: handedOn,
  file_answered: fileAnswered,
};

/** Stages of one call of `advance` at most. The chain guards end a flow long before; this holds whatever they miss. */
const mostStages = 2_000;

/**
 * One step of a conversation: the input is taken in and the bot goes on until it needs something, or waits for the
 * consumer. Pure: no clock, no I/O, and `state` is never changed; the same arguments give the same step.
 */
export function advance(
  { bot, facts }: { bot: Bot; facts: Facts },
  state: EngineState,
  input: Input,
): Step<EngineState> {
  const turn: Turn = {
    bot,
    facts,
    state: { ...state, flow: null },
    flow: state.flow ?? newFlow(),
    emitted: [],
    sizes: new WeakMap(),
  };
  const needed = run(turn, take(turn, state, input));
  if (!needed && turn.state.flow === null) settleFallbacks(turn);
  return {
    state: needed ? { ...turn.state, flow: turn.flow } : turn.state,
    emitted: turn.emitted,
    ...(needed && { need: needed }),
  };
}

function run(turn: Turn, first: Onward): Need | undefined {
  let next = first;
  for (let count = 0; next !== null && next !== 'stop'; count++) {
    if (typeof next !== 'string') return next;
    if (count >= mostStages) return void stop(turn, 'the flow was stopped: it did not come to an end');
    next = stages[next](turn);
  }
  return undefined;
}

function take(turn: Turn, before: EngineState, input: Input): Onward {
  if (input.type === 'message') return hear(turn, input);
  if (input.type === 'web_view') {
    // What is under way stays under way.
    turn.state.flow = before.flow;
    keepWebView(turn, input.variables);
    return null;
  }
  if (input.type === 'file_received') return fileReceived(turn, input);
  if (input.type === 'transfer_failed') return takeBack(turn) ? hearOfFailure(turn, input.at) : null;
  if (input.type === 'given_back') {
    giveBack(turn);
    return null;
  }
  if (input.type === 'run_again') return runAgain(turn, input.interaction_id);
  if (input.type === 'parked_call_ended') return resume(turn, input.call_id, input.result);
  if (input.type === 'call_parked' && input.instead_of !== undefined)
    return parkInstead(turn, before, { ...input, instead_of: input.instead_of });
  const { flow } = before;
  if (flow?.expects === 'script' && input.type === 'script_ended') return scriptEnded(turn, input.result);
  if (flow?.expects === 'regex' && input.type === 'regex_matched')
    return input.failed ? undecided(turn) : regexMatched(turn, input.matched);
  if (flow?.expects === 'understand' && input.type === 'understood') return understood(turn, input.understanding);
  if (flow?.expects === 'transfer' && input.type === 'transferred') return transferEnded(turn, input.accepted);
  // Taken up after a crash, a hand-over ends like the call that it is.
  if (flow?.expects === 'transfer' && input.type === 'call_ended') return transferEnded(turn, isTaken(input.result));
  if (flow?.expects === 'route' && input.type === 'not_routed') return routeEnded(turn, input.reason);
  if (flow?.expects === 'call' && input.type === 'call_ended') return callEnded(turn, input.result);
  if (flow?.expects === 'call' && input.type === 'call_parked') return park(turn, input.call_id);
  // A result nobody waits for any more, as after a second delivery: what is under way stays under way.
  turn.state.flow = flow;
  return odd(turn, `an unexpected ${input.type} was ignored`);
}

function scriptEnded(turn: Turn, result: ScriptResult): Onward {
  const { hook, stage } = turn.flow;
  const ended = applyScript(turn, result);
  if (!ended) return stage;
  // An immediate reply to an answer leaves the question open, so that a script can ask for a better answer. Any other ends
  // the dialog: what it had interrupted is come back to.
  return hook === 'process_user_response' || turn.state.closed ? null : 'finish';
}

function understood(turn: Turn, understanding: Understanding): Onward {
  turn.state.understanding = understanding;
  return turn.flow.stage;
}

function regexMatched(turn: Turn, matched: readonly boolean[]): Onward {
  const interaction = placeOf(turn)?.interaction;
  const regexes = interaction ? regexesOf(interaction) : [];
  turn.flow = { ...turn.flow, regexes: regexes.map((regex, at) => [regex, matched[at] === true]) };
  return turn.flow.stage;
}

/**
 * A regular expression ran into its limit or could not be run, which says nothing about the consumer's words: to go on to
 * the rules after it, or to the next action, could be to take a "yes" for a "no". So no rule is taken. A question stays
 * open and its fallback answers; after a statement or a call the dialog ends with what is said of a failure.
 */
function undecided(turn: Turn): Onward {
  const text = 'the rules were not decided: a regular expression could not be matched';
  trace(turn, { kind: 'log', level: 'error', text, interaction: turn.flow.interaction });
  return turn.flow.stage === 'reply' ? fallBack(turn) : endUndecided(turn);
}

function transferEnded(turn: Turn, accepted: boolean): Onward {
  const interaction = placeOf(turn)?.interaction;
  return interaction?.type === 'transfer' ? transferred(turn, interaction, accepted) : 'finish';
}

/** Nobody of a group understands what this bot did not understand either, or the other bot is not there. */
function routeEnded(turn: Turn, reason: string): Onward {
  const interaction = turn.flow.stage === 'find' ? undefined : placeOf(turn)?.interaction;
  return interaction?.type === 'route' ? notRouted(turn, reason) : fallBack(turn);
}

/** The bot hears it as a message of the platform's, which its starters and rules may take. */
function hearOfFailure(turn: Turn, at: number): Onward {
  const onward = hear(turn, { type: 'message', text: transferFailed, at });
  turn.flow = { ...turn.flow, by_platform: true };
  return onward;
}

function callEnded(turn: Turn, result: CallResult): Onward {
  const interaction = placeOf(turn)?.interaction;
  const integration =
    interaction?.type === 'integration'
      ? turn.bot.integrations.get(interaction.integration)
      : takesOn(turn, interaction);
  const { outcome, default_message = null } = result;
  turn.flow = { ...turn.flow, outcome, default_message, called: outcome };
  if (integration) storeResult(turn, integration, result);
  return 'returned';
}

/** The place is set aside with what belongs to it; the conversation idles and can be used meanwhile. */
function park(turn: Turn, callId: string): Onward {
  const { interaction } = turn.flow;
  const parked: Parked = { interaction, dialog_variables: turn.state.variables.dialog, heard: turn.state.heard };
  turn.state.parked = { ...turn.state.parked, [callId]: parked };
  turn.state.waiting = null;
  turn.state.dialog = null;
  return null;
}

function parkInstead(
  turn: Turn,
  before: EngineState,
  { call_id, instead_of }: { call_id: string; instead_of: string },
): Onward {
  turn.state.flow = before.flow;
  const { [instead_of]: parked, ...others } = before.parked;
  if (!parked) return odd(turn, `no call ${instead_of} was set aside`);
  turn.state.parked = { ...others, [call_id]: parked };
  return null;
}

/** Goes on from a place that was set aside. A question asked meanwhile stays: it is waited at again afterwards. */
function resume(turn: Turn, callId: string, result: CallResult): Onward {
  const parked = Object.hasOwn(turn.state.parked, callId) ? turn.state.parked[callId] : undefined;
  if (!parked || turn.state.closed) return odd(turn, `no call ${callId} was set aside`);
  const { [callId]: _, ...others } = turn.state.parked;
  turn.state.parked = others;
  suspend(turn, 'quiet');
  turn.state.heard = parked.heard;
  turn.state.understanding = null;
  turn.state.dialog = turn.bot.places.get(parked.interaction)?.dialog.id ?? null;
  turn.state.variables = { ...turn.state.variables, dialog: parked.dialog_variables };
  turn.flow = {
    ...newFlow(),
    interaction: parked.interaction,
    reached_from: parked.interaction,
    in_dialog: 1,
    steps: 1,
  };
  return callEnded(turn, result);
}

function runAgain(turn: Turn, interaction: string): Onward {
  if (turn.state.closed) return odd(turn, 'the conversation is closed');
  if (turn.state.with_people) return odd(turn, 'people have this conversation');
  turn.flow = newFlow();
  if (!turn.bot.places.has(interaction)) return odd(turn, `there is no interaction "${interaction}" to run again`);
  const here = turn.state.waiting?.reached_from === interaction;
  if (here) turn.state.waiting = null;
  else suspend(turn, 'quiet');
  return jump(turn, interaction);
}

function odd(turn: Turn, text: string): null {
  trace(turn, { kind: 'guard', text });
  return null;
}
