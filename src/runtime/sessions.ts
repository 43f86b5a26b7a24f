import { findSessionOf, insertConversation } from '../store/conversation.ts';
import { newId, randomText } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import type { Rooms } from './parts.ts';
import type { Opened, Session } from './runtime.ts';

/** A session ends after so long without a message. ms. */
const idleFor = 24 * 60 * 60_000;

export async function openConversation(
  rooms: Rooms,
  start: { bot_id: string; channel: 'web' | 'text'; locale?: string; browser?: string },
): Promise<Opened> {
  const { world, vault } = rooms;
  const bot = await rooms.bots.published(start.bot_id);
  if (!bot) throw new Problem('not_found', 'There is no published bot with this id.');
  const opened = {
    conversation_id: newId(world.random, 'conv'),
    session_token: randomText(world.random, 32),
    consumer_id: newId(world.random, 'cons'),
  };
  await rooms.db.write((tx) =>
    insertConversation(tx, {
      id: opened.conversation_id,
      account_id: bot.account_id,
      bot_id: bot.bot_id,
      bot_version: bot.version,
      channel: start.channel,
      locale: start.locale ?? bot.document.language ?? 'en',
      consumer_id: opened.consumer_id,
      session_hash: vault.mac('session', opened.session_token),
      browser_hash: start.browser === undefined ? null : vault.mac('browser', start.browser),
      state: '',
      at: world.clock.now(),
    }),
  );
  return opened;
}

/** The session that this token opens. Another conversation's id is not found, whether it exists or not. */
export async function findSession(rooms: Rooms, conversationId: string, token: string): Promise<Session> {
  const conversation = await findSessionOf(rooms.db, conversationId);
  if (!conversation || !sameText(conversation.session_hash, rooms.vault.mac('session', token))) {
    throw new Problem(
      'unauthorized',
      'Send the session token of this conversation as "Authorization: Bearer <session_token>".',
    );
  }
  const now = rooms.world.clock.now();
  const closed = conversation.status === 'closed';
  if (!closed && now - conversation.touched_at > idleFor) {
    throw new Problem('unauthorized', 'This session ended after 24 hours without a message: start a new conversation.');
  }
  const { id: conversation_id, account_id, bot_id } = conversation;
  return { conversation_id, account_id, bot_id, ended: closed && now >= (conversation.readable_until ?? 0) };
}

/** Compares in a time that tells nothing about the place of the first difference. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
