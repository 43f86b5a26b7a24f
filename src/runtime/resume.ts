import { type AttemptOutcome, groupOf, type Outcome } from '../bot/outcome.ts';
import { sentence, type SentenceKey } from '../api/sentences.ts';
import { waitingAfter } from '../engine/waiting.ts';
import type { Input } from '../engine/step.ts';
import { findAttempt } from '../store/attempt.ts';
import { hasParkedCalls, moveParkedCall, openParkedCalls, type ParkedCallRow } from '../store/parked-call.ts';
import { performCall } from './call.ts';
import { commandOf, plainWords } from './commands.ts';
import { askConfirmation, parkedFor, sayIn } from './park.ts';
import { type CallNeed, type CallOrigin, isSetAside } from './shell-state.ts';
import { note, say, type Turn } from './turn.ts';

/** What the inbox keeps of a sign-in's end. */
export interface NoticeBody {
  attempt_id: string;
  outcome: AttemptOutcome;
}

const continuePrefix = 'errand:continue:';
/** A question older than this, or this many turns back, is asked for once more before it is answered (C8). */
const stillWanted = { ms: 5 * 60_000, turns: 3 };

/**
 * What a sign-in's end makes the engine do: each call that waited for it goes on, exactly once. One that was under way
 * when a worker died stands as `running` and was taken up before this.
 */
export async function* inputsOfNotice(turn: Turn, notice: NoticeBody): AsyncGenerator<Input> {
  note(turn, { kind: 'sign_in', attempt_id: notice.attempt_id, status: 'ended', outcome: notice.outcome });
  const open = await openParkedCalls(turn.rooms.db, turn.conversation.id);
  const waiting = open.filter((call) => call.attempt_id === notice.attempt_id && call.status === 'parked');
  // What only reads goes first: a question comes last, so that its answer is what the consumer sees right below it.
  const oldestFirst = waiting.reverse();
  const inOrder = [
    ...oldestFirst.filter((call) => runsUnasked(turn, call)),
    ...oldestFirst.filter((call) => !runsUnasked(turn, call)),
  ];
  for (const call of inOrder) {
    const input = notice.outcome === 'granted' ? await resume(turn, call) : giveUp(turn, call, notice.outcome);
    if (input) yield input;
  }
  const again = await inputOfInteraction(turn, notice);
  if (again) yield again;
}

/** Runs a call that was set aside. A crash on the way leaves it `running`, and the step says how far it came. */
export async function runParkedCall(turn: Turn, resumed: { call: ParkedCallRow; confirmed: boolean }): Promise<Input> {
  const { call, confirmed } = resumed;
  const at = turn.rooms.world.clock.now();
  const origin: CallOrigin = { parked_call_id: call.id, confirmed, after_grant: call.attempt_id !== null };
  turn.writes.push(async (tx) => {
    await moveParkedCall(tx, { id: call.id, from: call.status, to: 'running', confirmed, at });
  });
  // The column is written by `park.ts` only.
  const input = await performCall(turn, JSON.parse(call.need) as CallNeed, origin);
  return finishParkedCall(turn, call.id, input);
}

/** Notes the end of a parked call with the commit that takes its result, or that it waits again: under a new id, in the same place. */
export function finishParkedCall(turn: Turn, callId: string, input: Input): Input {
  const at = turn.rooms.world.clock.now();
  if (input.type === 'parked_call_ended') {
    const { outcome } = input.result;
    const to = outcome === 'success' ? 'done' : 'failed';
    turn.writes.push(async (tx) => {
      await moveParkedCall(tx, { id: callId, from: 'running', to, reason: outcome, at });
    });
  }
  if (input.type !== 'call_parked') return input;
  turn.writes.push(async (tx) => {
    await moveParkedCall(tx, { id: callId, from: 'running', to: 'cancelled', reason: 'superseded', at });
  });
  return { ...input, instead_of: callId };
}

/** The Continue of a recipe whose consumer had moved on. */
export async function continueInteraction(turn: Turn, said: string): Promise<Input | undefined> {
  if (!said.startsWith(continuePrefix)) return undefined;
  const attemptId = said.slice(continuePrefix.length);
  const interactionId = turn.state.continues?.[attemptId];
  if (interactionId === undefined) return undefined;
  const { [attemptId]: _, ...others } = turn.state.continues ?? {};
  turn.state.continues = others;
  turn.granted = interactionId;
  return { type: 'run_again', interaction_id: interactionId };
}

/** The same, typed: a channel without buttons has nothing to tap. A plain yes is the bot's where it has asked something since. */
export async function continueTyped(turn: Turn, text: string): Promise<Input | undefined> {
  const newest = Object.keys(turn.state.continues ?? {}).at(-1);
  if (newest === undefined) return undefined;
  const isLabel = plainWords(text) === plainWords(sentence(turn.conversation.locale, 'continue_button'));
  if (!isLabel && !(commandOf(text) === 'yes' && turn.state.engine.waiting === null)) return undefined;
  return await continueInteraction(turn, `${continuePrefix}${newest}`);
}

function isOld(turn: Turn, call: ParkedCallRow): boolean {
  const age = turn.rooms.world.clock.now() - call.created_at;
  return age > stillWanted.ms || turn.conversation.turn - call.turn > stillWanted.turns;
}

function runsUnasked(turn: Turn, call: ParkedCallRow): boolean {
  return call.confirmed === 1 || (call.risk === 'read' && !isOld(turn, call));
}

async function resume(turn: Turn, call: ParkedCallRow): Promise<Input | undefined> {
  if (!isSetAside(turn.state, call.id)) return drop(turn, call);
  const now = turn.rooms.world.clock.now();
  if (runsUnasked(turn, call)) return await runParkedCall(turn, { call, confirmed: call.confirmed === 1 });
  turn.writes.push(async (tx) => {
    const deadline = now + parkedFor;
    await moveParkedCall(tx, { id: call.id, from: 'parked', to: 'needs_confirmation', deadline, at: now });
  });
  // One question at a time: the next one is asked when this one is answered.
  if (turn.state.confirming !== undefined) return undefined;
  const integration = turn.bot.integrations.get(call.integration) ?? { name: call.integration };
  askConfirmation(turn, { call_id: call.id, integration }, isOld(turn, call) ? 'confirm_anyway' : 'confirm');
  return undefined;
}

function giveUp(turn: Turn, call: ParkedCallRow, outcome: Outcome): Input | undefined {
  if (!isSetAside(turn.state, call.id)) return drop(turn, call);
  const at = turn.rooms.world.clock.now();
  const to = outcome === 'expired' ? 'expired' : outcome === 'cancelled' ? 'cancelled' : 'failed';
  turn.writes.push(async (tx) => {
    await moveParkedCall(tx, { id: call.id, from: call.status, to, reason: outcome, at });
  });
  return { type: 'parked_call_ended', call_id: call.id, result: { outcome, status: null, body: null } };
}

/** Left by a run that crashed before its commit; the run after it has seen to the consumer. */
function drop(turn: Turn, call: ParkedCallRow): undefined {
  const at = turn.rooms.world.clock.now();
  turn.writes.push(async (tx) => {
    await moveParkedCall(tx, { id: call.id, from: call.status, to: 'cancelled', reason: 'superseded', at });
  });
}

/**
 * The recipe's dialog waits at the question that its interaction led to. In managed mode a sign-in that no call waits for
 * was renewed by the consumer a moment ago: unless the bot has asked something else, she waits for just that answer.
 */
function isStillThere(turn: Turn, attempt: { mode: 'managed' | 'recipe'; interaction_id: string }): boolean {
  const { engine } = turn.state;
  return waitingAfter(engine) === attempt.interaction_id || (attempt.mode === 'managed' && engine.waiting === null);
}

/**
 * A sign-in that no call waits for: the recipe's, and one renewed after its call had ended. The integration interaction
 * runs again, exactly once, if the dialog still waits where it led to; else the consumer is asked.
 */
async function inputOfInteraction(turn: Turn, notice: NoticeBody): Promise<Input | undefined> {
  const attempt = await findAttempt(turn.rooms.db, notice.attempt_id);
  if (!attempt || attempt.interaction_id === null) return undefined;
  if (await hasParkedCalls(turn.rooms.db, attempt)) return undefined;
  const { locale } = turn.conversation;
  const stillThere = isStillThere(turn, { mode: attempt.mode, interaction_id: attempt.interaction_id });
  if (notice.outcome !== 'granted') {
    if (stillThere) say(turn, { text: sentence(locale, outcomeSentence(notice.outcome)) });
    return undefined;
  }
  if (stillThere) {
    turn.granted = attempt.interaction_id;
    return { type: 'run_again', interaction_id: attempt.interaction_id };
  }
  turn.state.continues = { ...turn.state.continues, [notice.attempt_id]: attempt.interaction_id };
  sayIn(turn, {
    text: sentence(locale, 'continue_offer'),
    quick_replies: [{ title: sentence(locale, 'continue_button'), payload: `${continuePrefix}${notice.attempt_id}` }],
  });
  return undefined;
}

function outcomeSentence(outcome: Exclude<AttemptOutcome, 'granted'>): SentenceKey {
  const group = groupOf(outcome);
  if (group === 'not_granted') return `outcome.${outcome}` as SentenceKey; // each member of the group has a sentence of its own
  if (group === 'success') return 'outcome.failure';
  return outcome === 'unsupported_channel' || outcome === 'result_unknown' ? `outcome.${outcome}` : `outcome.${group}`;
}
