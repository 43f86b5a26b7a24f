import { sentence } from '../api/sentences.ts';
import { signInHandle } from '../delegation/handles.ts';
import { holdConversation } from '../store/attempt.ts';
import { findConversation } from '../store/conversation.ts';
import { appendEvent } from '../store/event.ts';
import { Problem } from '../world/problem.ts';
import type { Rooms } from './parts.ts';
import type { Session } from './runtime.ts';
import { askerOf } from './turn.ts';

/** Sends a fresh link for a sign-in that is too old: a new attempt that takes over what waited for the one before it. */
export async function renewSignIn(rooms: Rooms, session: Session, attemptId: string): Promise<void> {
  const at = rooms.world.clock.now();
  await rooms.db.write(async (tx) => {
    await holdConversation(tx, session.conversation_id);
    const conversation = await findConversation(tx, session.conversation_id);
    if (conversation?.status !== 'open')
      throw new Problem('conversation_closed', 'This conversation has ended: start a new one.');
    const asked = await rooms.delegation.renew(tx, askerOf(conversation, ''), attemptId);
    if ('refused' in asked)
      throw new Problem('not_found', 'This conversation has no sign-in with this id that could be renewed.');
    const link = signInHandle(asked.attempt_id);
    const label = sentence(conversation.locale, 'sign_in_button');
    const text = sentence(conversation.locale, 'sign_in_offer');
    const message =
      conversation.channel === 'text'
        ? { text: `${text} ${link}` }
        : { text, buttons: [{ label, type: 'link', url: link, target: 'blank', attempt_id: asked.attempt_id }] };
    await appendEvent(tx, { conversation_id: conversation.id, type: 'message', body: { from: 'bot', ...message }, at });
    await appendEvent(tx, {
      conversation_id: conversation.id,
      type: 'sign_in',
      body: { attempt_id: asked.attempt_id, status: 'offered', url: link },
      at,
    });
  });
  rooms.live.tell(session.conversation_id, 'events');
}
