import type { AttemptRow } from '../store/attempt.ts';
import type { Transaction } from '../store/database.ts';
import { appendTrace } from '../store/trace.ts';

/**
 * One step of a sign-in for the conversation's trace: what an author or operator sees of it, in the transaction that
 * makes it so. Never a code, a state or a token.
 */
export async function traceSignIn(
  tx: Transaction,
  attempt: Pick<AttemptRow, 'id' | 'conversation_id'>,
  step: { status: string; at: number; method?: string; detail?: string },
): Promise<void> {
  const { at, ...said } = step;
  const entries = [{ kind: 'sign_in', attempt_id: attempt.id, ...said }];
  await appendTrace(tx, attempt.conversation_id, { at, entries });
}
