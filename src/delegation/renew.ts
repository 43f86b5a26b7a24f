import { findAttempt } from '../store/attempt.ts';
import { consumerCredentialById } from '../store/consumer-credential.ts';
import type { Transaction } from '../store/database.ts';
import { reattachParkedCalls } from '../store/parked-call.ts';
import { ask, challengeOf } from './ask.ts';
import { isFinal } from './attempt.ts';
import { toConsumerCredential } from './configured.ts';
import type { Asked, Asker } from './delegation.ts';
import type { Parts } from './parts.ts';
import { permission } from './permission.ts';

/**
 * A fresh link in place of one that has ended; a link that is still open is simply that one. What was granted, or what
 * another sign-in has given meanwhile, is not asked for again.
 */
export async function renew(
  tx: Transaction,
  parts: Parts,
  renewal: { conversation: Asker; attempt_id: string },
): Promise<Asked> {
  const { conversation } = renewal;
  const old = await findAttempt(tx, renewal.attempt_id);
  if (!old || old.conversation_id !== conversation.id) return { refused: 'expired' };
  if (!isFinal(old.status)) return { attempt_id: old.id, reused: true };
  if (old.status === 'granted') return { refused: 'superseded' };
  const row = await consumerCredentialById(tx, old.account_id, old.credential_id);
  if (!row || row.provider_id === null) return { refused: 'misconfigured' };
  const wanted = {
    conversation,
    credential: toConsumerCredential(row),
    interaction_id: old.interaction_id ?? '',
    scope: old.scope,
    minimum_level: old.minimum_level,
    ...challengeOf(old),
  };
  if (old.challenge === null && (await permission({ ...parts, db: tx }, wanted)).state === 'usable')
    return { refused: 'superseded' };
  const asked = await ask(tx, parts, wanted);
  if ('refused' in asked) return asked;
  await reattachParkedCalls(tx, { conversation_id: conversation.id, from: old.id, to: asked.attempt_id });
  return asked;
}
