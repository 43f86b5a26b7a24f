import { holdConversation } from '../store/attempt.ts';
import { appendEvent } from '../store/event.ts';
import { appendTrace } from '../store/trace.ts';
import { Problem } from '../world/problem.ts';
import { endForGood } from './close.ts';
import type { Rooms } from './parts.ts';
import type { Session } from './runtime.ts';

/** What a consumer ends without saying anything. Each takes the conversation's row first, as a turn does. */
export async function close(rooms: Rooms, session: Session): Promise<void> {
  const { conversation_id } = session;
  await rooms.db.write(async (tx) => {
    await holdConversation(tx, conversation_id);
    if (await endForGood(rooms, tx, { conversation_id, by: 'consumer' }))
      await appendEvent(tx, { conversation_id, type: 'closed', body: {}, at: rooms.world.clock.now() });
  });
  rooms.world.failpoint?.('close.committed');
  rooms.live.tell(conversation_id, 'events');
  rooms.live.tell(conversation_id, 'closed');
}

/** Its notice, in the inbox, tells the bot. */
export async function cancelSignIn(rooms: Rooms, session: Session, attemptId: string): Promise<void> {
  const { conversation_id } = session;
  const cancelled = await rooms.db.write(async (tx) => {
    await holdConversation(tx, conversation_id);
    return await rooms.delegation.cancel(tx, conversation_id, attemptId);
  });
  if (!cancelled) throw new Problem('not_found', 'This conversation has no open sign-in with this id.');
  rooms.live.tell(conversation_id, 'events');
}

export async function endConnection(rooms: Rooms, session: Session, connectionId: string): Promise<void> {
  const { conversation_id } = session;
  const ended = await rooms.db.write(async (tx) => {
    await holdConversation(tx, conversation_id);
    const count = await rooms.delegation.end(tx, conversation_id, { connection_id: connectionId });
    const entries = [{ kind: 'note', text: 'the consumer ended a connection' }];
    if (count > 0) await appendTrace(tx, conversation_id, { at: rooms.world.clock.now(), entries });
    return count;
  });
  if (ended === 0) throw new Problem('not_found', 'This conversation has no connection with this id.');
  rooms.live.tell(conversation_id, 'events');
}
