import { createHash, timingSafeEqual } from 'node:crypto';
import { type ConversationRow, findConversation } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { appendEvent } from '../store/event.ts';
import { appendInbox } from '../store/inbox.ts';
import { randomText } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import { maskIncoming } from './mask-incoming.ts';
import type { MessageBody } from './message.ts';
import type { Rooms } from './parts.ts';
import type { WebViewArrival } from './runtime.ts';

/**
 * Takes what a page of the brand's sends through LivePerson's Web View API: variables for the session, and a message that
 * stands in the transcript like one of the consumer's. Durable when it returns. Everything that does not fit is answered
 * alike, so that nobody learns which conversation or bot is there.
 */
export async function acceptWebView(rooms: Rooms, arrival: WebViewArrival): Promise<void> {
  const conversation = await conversationFor(rooms, arrival);
  if (!conversation) throw new Problem('unauthorized', 'The key does not fit this bot and conversation.');
  await rooms.db.write((tx) => write(rooms, tx, { conversation, arrival }));
  rooms.live.tell(conversation.id, 'events');
}

async function conversationFor(rooms: Rooms, arrival: WebViewArrival): Promise<ConversationRow | undefined> {
  if (!keyFits(arrival)) return undefined;
  const conversation = await findConversation(rooms.db, arrival.conversation_id);
  if (!conversation || conversation.status === 'closed') return undefined;
  if (conversation.bot_id !== arrival.bot_id || conversation.consumer_id !== arrival.user_id) return undefined;
  const bot = await rooms.bots.version(conversation.bot_id, conversation.bot_version);
  return bot.document.web_view_api === true ? conversation : undefined;
}

/** LivePerson's key: no secret is in it. Clients write it in small and in capital hexadecimal. */
function keyFits({ key, conversation_id, bot_id }: WebViewArrival): boolean {
  const wanted = createHash('sha256').update(`${conversation_id} || ${bot_id}`).digest();
  const given = /^[0-9a-f]{64}$/i.test(key) ? Buffer.from(key, 'hex') : Buffer.alloc(32);
  return timingSafeEqual(wanted, given);
}

async function write(
  rooms: Rooms,
  tx: Transaction,
  { conversation, arrival }: { conversation: ConversationRow; arrival: WebViewArrival },
): Promise<void> {
  const at = rooms.world.clock.now();
  const { message = '', variables } = maskIncoming({ message: arrival.message, variables: arrival.variables });
  const conversation_id = conversation.id;
  const through = { from: 'consumer', text: message, through: 'web_view' };
  if (message !== '') await appendEvent(tx, { conversation_id, type: 'message', at, body: through });
  const body: MessageBody = { text: message, web_view: variables };
  const message_id = `web_view:${randomText(rooms.world.random, 16)}`;
  await appendInbox(tx, { conversation_id, message_id, kind: 'message', body, at });
}
