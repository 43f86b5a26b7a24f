import type { Integration } from '../bot/document.ts';
import type { ConsumerCredential, Delegated } from '../delegation/delegation.ts';
import type { CallResult } from '../engine/step.ts';
import { type BuiltRequest, isRepeatable } from '../integration/build-request.ts';
import { send as sendRequest } from '../integration/call.ts';
import { callResultOf } from '../integration/outcome-of.ts';
import { authorityOf, shownWithAuthority, type StaticCredential } from '../integration/static-credential.ts';
import { heldBy } from '../store/conversation.ts';
import { findStep, finishStep, forgetStepResult, insertStep } from '../store/step.ts';
import { maskHeaders } from './redaction.ts';
import { persistently } from './outage.ts';
import type { CallNeed, CallOrigin } from './shell-state.ts';
import { stepId } from './step-id.ts';
import { commit, LeaseLost, note, type Turn } from './turn.ts';
import { withoutLinks, withoutToken } from './unredeemed.ts';

/** A call that is about to leave the house. */
export interface Sending {
  integration: Integration;
  need: CallNeed;
  request: BuiltRequest;
  origin: CallOrigin;
  /** Null: the call carries no permission. */
  connection: { id: string; credential: ConsumerCredential } | null;
  /** A credential with a secret of the account's own. */
  own?: StaticCredential;
}

/**
 * Sends a call between two commits (I4): the first writes state, messages so far and the step as `sent`, the second its
 * result. Whoever finds `sent` without a result after a crash knows that the brand may have done it.
 */
export async function send(turn: Turn, sending: Sending): Promise<Delegated> {
  const { rooms, conversation } = turn;
  const step = { id: stepId(turn, 'call'), key: sending.origin.parked_call_id ?? '' };
  const key = step.key === '' ? step.id : step.key;
  turn.state.under_way = {
    step_id: step.id,
    origin: sending.origin,
    need: sending.need,
    connection_id: sending.connection?.id ?? null,
    calls: turn.calls,
  };
  await commit(turn, {
    ends: false,
    also: async (tx) => {
      const isNew = await insertStep(tx, {
        id: step.id,
        conversation_id: conversation.id,
        integration: sending.integration.name,
        repeatable: isRepeatable(sending.integration),
        idempotency_key: key,
        at: rooms.world.clock.now(),
      });
      // It is under way already, in other hands.
      if (!isNew) throw new LeaseLost(conversation.id);
    },
  });
  rooms.live.tell(conversation.id, 'typing');
  rooms.world.failpoint?.('call.sent');
  return await sendStep(turn, sending, { id: step.id, idempotency_key: key });
}

/** The part after the first commit; a recovered repeatable call starts here, with the same key. */
export async function sendStep(
  turn: Turn,
  sending: Sending,
  step: { id: string; idempotency_key: string },
): Promise<Delegated> {
  const { rooms } = turn;
  const started = rooms.world.clock.now();
  const delegated = await onTheWire(turn, sending, step);
  rooms.world.failpoint?.('call.answered');
  noteCall(turn, sending, { delegated, ms: rooms.world.clock.now() - started });
  await keepResult(turn, step.id, delegated);
  rooms.world.failpoint?.('call.result_committed');
  takeResult(turn, step.id);
  return delegated;
}

/** What the brand answered must not be lost to an outage of our own store while there is time to wait for its end. */
async function keepResult(turn: Turn, stepId: string, delegated: Delegated): Promise<void> {
  const { rooms, conversation } = turn;
  const at = rooms.world.clock.now();
  const step = { id: stepId, result: JSON.stringify(delegated), at, by: heldBy(conversation) };
  const kept = await persistently(rooms, () => rooms.db.write((tx) => finishStep(tx, step)));
  if (!kept) throw new LeaseLost(conversation.id);
}

/** What is known of a call that was under way when the process died. */
export async function recoverStep(
  turn: Turn,
  stepId: string,
): Promise<{ delegated: Delegated } | { resend: { id: string; idempotency_key: string } }> {
  const step = await findStep(turn.rooms.db, stepId);
  if (step?.status === 'sent' && step.repeatable === 1) return { resend: step };
  takeResult(turn, stepId);
  // The column is written by `keepResult` only.
  if (step && step.result !== null) return { delegated: JSON.parse(step.result) as Delegated };
  const name = step?.integration ?? turn.state.under_way?.need.integration ?? 'a call';
  note(turn, { kind: 'note', text: `the answer to ${name} is not known: it was sent, and is not sent again` });
  const result: CallResult = { outcome: 'result_unknown', status: null, body: null };
  return { delegated: { kind: 'ended', result, trace: { events: [] } } };
}

/** With the next commit the turn has the result, and the call is no longer under way. */
function takeResult(turn: Turn, stepId: string): void {
  delete turn.state.under_way;
  const at = turn.rooms.world.clock.now();
  turn.writes.push((tx) => forgetStepResult(tx, { id: stepId, at }));
}

async function onTheWire(
  turn: Turn,
  sending: Sending,
  step: { id: string; idempotency_key: string },
): Promise<Delegated> {
  const { rooms, conversation } = turn;
  const { integration, connection } = sending;
  const repeatable = isRepeatable(integration);
  const request = withoutLinks(sending.request);
  if (connection) {
    return await rooms.delegation.call({
      conversation_id: conversation.id,
      connection_id: connection.id,
      credential: connection.credential,
      request,
      idempotency_key: step.idempotency_key,
      repeatable,
    });
  }
  const parts = { egress: rooms.egress, ...rooms.world };
  const sent = await sendRequest(parts, {
    request: withoutToken(request),
    idempotency_key: step.idempotency_key,
    repeatable,
    ...(sending.own ? await authorityOf(rooms.vault, sending.own) : {}),
  });
  return { kind: 'ended', result: callResultOf(sent.answer, repeatable), trace: { events: sent.events } };
}

/** Characters of an answer that the trace keeps: enough to play a conversation again. */
const longestNoted = 16_000;

function noteCall(turn: Turn, sending: Sending, done: { delegated: Delegated; ms: number }): void {
  const { request: built, own } = sending;
  const { method, url, headers, body, upload } = own ? shownWithAuthority(built, own) : built;
  const { result } = done.delegated;
  note(turn, {
    kind: 'call',
    integration: sending.integration.name,
    request: {
      method,
      url,
      headers: maskHeaders({ ...headers, ...injected(sending) }),
      ...(body === undefined ? {} : { body }),
      ...(upload ? { file: { name: upload.file.name, type: upload.file.type, bytes: upload.file.bytes.length } } : {}),
    },
    answer: result.status === null ? null : { status: result.status, body: (result.body ?? '').slice(0, longestNoted) },
    outcome: done.delegated.kind === 'refused' ? `refused: ${done.delegated.reason}` : result.outcome,
    ms: done.ms,
    steps: done.delegated.trace.events,
  });
}

function injected(sending: Sending): Record<string, string> {
  return sending.connection?.credential.mode === 'managed'
    ? { [sending.connection.credential.header]: 'Bearer •••' }
    : {};
}
