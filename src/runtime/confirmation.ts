import { sentence } from '../api/sentences.ts';
import type { CallResult, Input } from '../engine/step.ts';
import { findParkedCall, moveParkedCall, openParkedCalls, type ParkedCallRow } from '../store/parked-call.ts';
import { askConfirmation, confirmPrefix, sayIn } from './park.ts';
import { runParkedCall } from './resume.ts';
import { forgetParked, isSetAside } from './shell-state.ts';
import { note, type Turn } from './turn.ts';

export type YesOrNo = 'yes' | 'no';

/**
 * The call that a typed yes or no is about: the bot must not have asked something of its own since, and what was said
 * before the question was there is no answer to it (two tabs, a message sent twice).
 */
export async function callAskedAbout(turn: Turn): Promise<ParkedCallRow | undefined> {
  const { confirming } = turn.state;
  const call = confirming === undefined ? undefined : await waitingCall(turn, confirming);
  return call && call.asked_seq !== null && turn.item.seq > call.asked_seq ? call : undefined;
}

/** A tap on one of our own buttons; undefined for any other payload, and for one that was answered before. */
export async function tappedAnswer(
  turn: Turn,
  payload: string,
): Promise<{ call: ParkedCallRow; answer: YesOrNo } | undefined> {
  const [, callId = '', answer] = /^errand:confirm:([\w-]+):(yes|no)$/.exec(payload) ?? [];
  const call = payload.startsWith(confirmPrefix) ? await waitingCall(turn, callId) : undefined;
  return call && (answer === 'yes' || answer === 'no') ? { call, answer } : undefined;
}

/** Does it, or does not; a yes that comes too late is none. */
export async function answerConfirmation(turn: Turn, call: ParkedCallRow, answer: YesOrNo): Promise<Input | undefined> {
  if (turn.state.confirming === call.id) delete turn.state.confirming;
  const at = turn.rooms.world.clock.now();
  const isLate = call.deadline < at;
  if (answer === 'yes' && !isLate) return await runParkedCall(turn, { call, confirmed: true });
  const outcome = answer === 'yes' ? 'expired' : 'cancelled';
  endQuietly(turn, call, outcome);
  note(turn, { kind: 'note', text: `${call.integration} is not done: the answer was ${isLate ? 'late' : answer}` });
  const default_message = sentence(
    turn.conversation.locale,
    outcome === 'expired' ? 'confirm_expired' : 'confirm_declined',
  );
  if (!hasRuleFor(turn, call, outcome)) {
    forgetParked(turn.state, call.id);
    sayIn(turn, { text: default_message });
    return undefined;
  }
  const result: CallResult = { outcome, status: null, body: null, default_message };
  return { type: 'parked_call_ended', call_id: call.id, result };
}

/** "No" is no failure of the call: only a rule that names it takes it, not the recipe's way to the Login button. */
function hasRuleFor(turn: Turn, call: ParkedCallRow, outcome: 'cancelled' | 'expired'): boolean {
  const rules = turn.bot.compiled.places.get(call.interaction_id)?.interaction.rules ?? [];
  return rules.some(
    ({ when }) => when?.match === 'outcome' && (when.outcome === outcome || when.outcome === 'not_granted'),
  );
}

/** The bot has said something else meanwhile: what still waits for a yes is asked again, below it, with its buttons. */
export async function askConfirmationAgain(turn: Turn, callId: string): Promise<void> {
  const call = turn.events.length > 0 && !turn.closed ? await waitingCall(turn, callId) : undefined;
  if (!call) return;
  const integration = turn.bot.integrations.get(call.integration) ?? { name: call.integration };
  askConfirmation(turn, { call_id: call.id, integration }, 'confirm');
}

/** With one question `answered`, or the bot's own behind it, the next one is asked. */
export async function askNextConfirmation(turn: Turn, answered?: ParkedCallRow): Promise<void> {
  if (turn.state.confirming !== undefined || turn.closed) return;
  for (const call of await openConfirmations(turn)) {
    if (call.id === answered?.id) continue;
    const integration = turn.bot.integrations.get(call.integration) ?? { name: call.integration };
    return askConfirmation(turn, { call_id: call.id, integration }, 'confirm');
  }
}

/** Who signs out wants nothing done any more. */
export async function dropConfirmations(turn: Turn): Promise<void> {
  for (const call of await openConfirmations(turn)) {
    endQuietly(turn, call, 'cancelled');
    forgetParked(turn.state, call.id);
  }
}

async function openConfirmations(turn: Turn): Promise<ParkedCallRow[]> {
  const now = turn.rooms.world.clock.now();
  const open = await openParkedCalls(turn.rooms.db, turn.conversation.id);
  return open.filter(
    (call) => call.status === 'needs_confirmation' && call.deadline >= now && isSetAside(turn.state, call.id),
  );
}

async function waitingCall(turn: Turn, callId: string): Promise<ParkedCallRow | undefined> {
  const call = await findParkedCall(turn.rooms.db, callId);
  const isWaiting = call?.conversation_id === turn.conversation.id && call.status === 'needs_confirmation';
  return isWaiting && isSetAside(turn.state, call.id) ? call : undefined;
}

function endQuietly(turn: Turn, call: ParkedCallRow, outcome: 'cancelled' | 'expired'): void {
  const at = turn.rooms.world.clock.now();
  turn.writes.push(async (tx) => {
    await moveParkedCall(tx, { id: call.id, from: 'needs_confirmation', to: outcome, reason: outcome, at });
  });
}
