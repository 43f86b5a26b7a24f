import { sentence } from '../api/sentences.ts';
import { moveParkedCall, openParkedCalls } from '../store/parked-call.ts';
import { findStep, forgetStepResult } from '../store/step.ts';
import type { CallUnderWay } from './shell-state.ts';
import { forgetParked, isSetAside } from './shell-state.ts';
import { type Progress, say } from './turn.ts';

/**
 * Ends an item that cannot be worked: the consumer hears of it, what was sent is not sent again, and the conversation
 * goes on (RL-09).
 */
export async function giveUp(turn: Progress): Promise<void> {
  const { under_way, ...state } = turn.state;
  turn.state = state;
  const isUnknown = under_way !== undefined && (await abandonCall(turn, under_way));
  if (turn.item.kind === 'notice') await abandonParked(turn);
  const { locale } = turn.conversation;
  say(turn, { text: sentence(locale, isUnknown ? 'outcome.result_unknown' : 'outcome.setup_error') });
}

/** True when the brand may have done it. */
async function abandonCall(turn: Progress, underWay: CallUnderWay): Promise<boolean> {
  const { db, world } = turn.rooms;
  const { step_id: id, origin } = underWay;
  const { parked_call_id } = origin;
  const at = world.clock.now();
  const step = await findStep(db, id);
  turn.writes.push((tx) => forgetStepResult(tx, { id, at }));
  if (parked_call_id !== null) {
    forgetParked(turn.state, parked_call_id);
    turn.writes.push(async (tx) => {
      await moveParkedCall(tx, { id: parked_call_id, from: 'running', to: 'failed', reason: 'result_unknown', at });
    });
  }
  return step !== undefined && step.repeatable === 0;
}

/** What waits for a sign-in whose end cannot be worked would wait for ever. */
async function abandonParked(turn: Progress): Promise<void> {
  const { db, world } = turn.rooms;
  const at = world.clock.now();
  for (const { id, attempt_id, status } of await openParkedCalls(db, turn.conversation.id)) {
    if (status !== 'parked' || turn.item.message_id !== `notice:${attempt_id}`) continue;
    if (isSetAside(turn.state, id)) forgetParked(turn.state, id);
    turn.writes.push(async (tx) => {
      await moveParkedCall(tx, { id, from: 'parked', to: 'failed', reason: 'misconfigured', at });
    });
  }
}
