import type { Integration } from '../bot/document.ts';
import type { Ask } from '../delegation/delegation.ts';
import { signInHandle } from '../delegation/handles.ts';
import { asPlainText } from '../engine/plain-text.ts';
import type { CallResult, Input, OutgoingMessage } from '../engine/step.ts';
import { methodOf } from '../integration/build-request.ts';
import { sentence } from '../api/sentences.ts';
import {
  moveParkedCall,
  openParkedCalls,
  markParkedCallAsked,
  putParkedCall,
  type ParkedCallRow,
  type ParkedStatus,
} from '../store/parked-call.ts';
import { stepId } from './step-id.ts';
import { type CallNeed, forgetParked } from './shell-state.ts';
import { hold, note, say, type Turn } from './turn.ts';

/** How long a parked call waits for its consumer. ms. */
export const parkedFor = 15 * 60_000;

export type CallParked = Extract<Input, { type: 'call_parked' }>;

export interface CallToPark {
  need: CallNeed;
  integration: Integration;
  ask: Ask;
  /** The consumer has said yes to it already: she is asked once, also when her permission turns out to be gone. */
  confirmed: boolean;
  /** The parked call that is run again and must wait again: it is not another one. */
  parked_call_id: string | null;
}

/**
 * Sets a call aside until the consumer has given permission, and offers the sign-in. The attempt and the parked call
 * are one transaction of their own, before the turn's commit makes the dialog return to the call: a row to which no
 * dialog returns was left by a crash in between and does nothing. The same question asked again takes the place of the
 * one before it (C7).
 */
export async function parkForPermission(turn: Turn, call: CallToPark): Promise<CallParked | { refused: CallResult }> {
  const { rooms } = turn;
  const callId = stepId(turn, 'parked');
  const asked = await rooms.db.write(async (tx) => {
    await hold(turn, tx);
    const made = await rooms.delegation.ask(tx, call.ask);
    if ('refused' in made) return made;
    await putParkedCall(tx, parkedRow(turn, call, { id: callId, status: 'parked', attempt_id: made.attempt_id }));
    return made;
  });
  if ('refused' in asked) return { refused: { outcome: asked.refused, status: null, body: null } };
  rooms.world.failpoint?.('park.committed');
  await supersedeSameCall(turn, call, callId);
  offerSignIn(turn, asked.attempt_id);
  return { type: 'call_parked', call_id: callId };
}

/** Sets a call aside until the consumer says yes: what changes something at the brand is asked once, then done once. */
export async function parkForConfirmation(turn: Turn, call: CallToPark): Promise<CallParked> {
  const callId = stepId(turn, 'parked');
  turn.writes.push(async (tx) => {
    await putParkedCall(tx, parkedRow(turn, call, { id: callId, status: 'needs_confirmation', attempt_id: null }));
  });
  await supersedeSameCall(turn, call, callId);
  askConfirmation(turn, { call_id: callId, integration: call.integration }, 'confirm');
  return { type: 'call_parked', call_id: callId };
}

/** A button's payload names the call, so that a tap means this question however late it comes. */
export const confirmPrefix = 'errand:confirm:';

export function askConfirmation(
  turn: Turn,
  about: { call_id: string; integration: Pick<Integration, 'description' | 'name'> },
  key: 'confirm' | 'confirm_anyway',
): void {
  const { locale } = turn.conversation;
  const { call_id, integration } = about;
  turn.state.confirming = call_id;
  turn.writes.push((tx) => markParkedCallAsked(tx, { id: call_id, conversation_id: turn.conversation.id }));
  const what = integration.description?.trim();
  sayIn(turn, {
    // A name is no end of "Do you want me to …?": it is quoted.
    text: what ? sentence(locale, key, { what }) : sentence(locale, `${key}_named`, { what: integration.name }),
    quick_replies: [
      { title: sentence(locale, 'confirm_yes'), payload: `${confirmPrefix}${call_id}:yes` },
      { title: sentence(locale, 'confirm_no'), payload: `${confirmPrefix}${call_id}:no` },
    ],
  });
  note(turn, { kind: 'note', text: `asked the consumer to confirm ${integration.name}` });
}

/** In a channel without buttons they are lines of the text. */
export function sayIn(turn: Turn, message: OutgoingMessage): void {
  say(turn, turn.conversation.channel === 'text' ? asPlainText(message, turn.conversation.locale) : message);
}

/** Shows the sign-in link: a button where the channel has buttons, a plain link elsewhere; and the event of the same attempt. */
export function offerSignIn(turn: Turn, attemptId: string): void {
  const { locale } = turn.conversation;
  const key = turn.state.offered === attemptId ? 'sign_in_again' : 'sign_in_offer';
  turn.state.offered = attemptId;
  const label = sentence(locale, 'sign_in_button');
  const url = signInHandle(attemptId);
  sayIn(turn, {
    text: sentence(locale, key),
    buttons: [{ label, type: 'link', url, target: 'blank', attempt_id: attemptId }],
  });
  noteOffer(turn, attemptId);
}

export function noteOffer(turn: Turn, attemptId: string): void {
  const at = turn.rooms.world.clock.now();
  turn.events.push({
    type: 'sign_in',
    at,
    body: { attempt_id: attemptId, status: 'offered', url: signInHandle(attemptId) },
  });
  note(turn, { kind: 'sign_in', attempt_id: attemptId, status: 'offered' });
}

export function riskOf(integration: Integration): ParkedCallRow['risk'] {
  if (integration.risk) return integration.risk;
  const method = methodOf(integration);
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** The dialog returns to the new one only. Its rows are ended with the turn's commit, which says so to the dialog. */
async function supersedeSameCall(turn: Turn, call: CallToPark, callId: string): Promise<void> {
  const at = turn.rooms.world.clock.now();
  const need = JSON.stringify(call.need);
  for (const other of await openParkedCalls(turn.rooms.db, turn.conversation.id)) {
    const isSame = other.integration === call.integration.name && other.need === need;
    if (!isSame || other.id === callId || other.id === call.parked_call_id) continue;
    forgetParked(turn.state, other.id);
    turn.writes.push(async (tx) => {
      await moveParkedCall(tx, { id: other.id, from: other.status, to: 'cancelled', reason: 'superseded', at });
    });
  }
}

function parkedRow(
  turn: Turn,
  call: CallToPark,
  place: { id: string; status: ParkedStatus; attempt_id: string | null },
): Omit<ParkedCallRow, 'reason' | 'asked_seq'> {
  const now = turn.rooms.world.clock.now();
  return {
    ...place,
    account_id: turn.conversation.account_id,
    conversation_id: turn.conversation.id,
    credential_id: call.ask.credential.id,
    integration: call.integration.name,
    interaction_id: call.need.interaction_id,
    need: JSON.stringify(call.need),
    risk: riskOf(call.integration),
    confirmed: call.confirmed ? 1 : 0,
    idempotency_key: place.id,
    turn: turn.conversation.turn,
    created_at: now,
    deadline: now + parkedFor,
  };
}
