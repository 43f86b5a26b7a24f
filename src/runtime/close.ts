import { forgetContext } from '../store/context.ts';
import { closeConversation } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { deleteFilesOf } from '../store/file.ts';
import { closeInbox } from '../store/inbox.ts';
import { closeParkedCalls } from '../store/parked-call.ts';
import { forgetStepResults } from '../store/step.ts';
import { cancelTimersOf } from '../store/timer.ts';
import type { Rooms } from './parts.ts';

/** After a bot's close its last events can be read for so long. ms. */
const readableFor = 60_000;

/**
 * Ends a conversation for good: the consumer's tokens are erased in the same transaction, and their revocation is owed
 * (I6). Who closes it has seen everything; after a bot's close its last words can still be read for a minute.
 */
export async function endForGood(
  rooms: Rooms,
  tx: Transaction,
  end: { conversation_id: string; by: 'bot' | 'consumer' },
): Promise<boolean> {
  const conversationId = end.conversation_id;
  const now = rooms.world.clock.now();
  await rooms.delegation.endConversation(tx, conversationId);
  await closeInbox(tx, conversationId, now);
  await closeParkedCalls(tx, conversationId, now);
  await forgetStepResults(tx, conversationId);
  await deleteFilesOf(tx, conversationId);
  await cancelTimersOf(tx, conversationId);
  await forgetContext(tx, conversationId);
  const readable_until = end.by === 'bot' ? now + readableFor : now;
  return await closeConversation(tx, { id: conversationId, at: now, readable_until });
}
