import { createHash } from 'node:crypto';
import type { Turn } from './turn.ts';

/**
 * The id of the next call of this turn. It follows from the conversation, the inbox item and the call's number, so the
 * same item run again after a crash makes the same ids, and so the same `Idempotency-Key` (I4).
 */
export function stepId(turn: Pick<Turn, 'conversation' | 'item'> & { calls: number }, kind: 'call' | 'parked'): string {
  turn.calls += 1;
  const from = `${kind}|${turn.conversation.id}|${turn.item.message_id}|${turn.calls}`;
  return `${kind}_${createHash('sha256').update(from).digest('base64url').slice(0, 32)}`;
}
