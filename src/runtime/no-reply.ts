/** Nobody has answered a consumer who was handed to people: after a while the other skill is tried, once (`reference`: 5.5). */
import type { Need } from '../engine/step.ts';
import { holdConversation } from '../store/attempt.ts';
import { appendInbox } from '../store/inbox.ts';
import type { Transaction } from '../store/database.ts';
import { cancelTimer, dueTimers, setTimer, type TimerRow } from '../store/timer.ts';
import type { Rooms } from './parts.ts';
import type { Turn } from './turn.ts';

type TransferNeed = Extract<Need, { type: 'transfer' }>;

/** LivePerson's `fallbackEscalationTime`; ms. */
const usualWait = 180_000;

const timerOf = (conversationId: string): string => `no_reply:${conversationId}`;

/** With the turn's commit: from here on people have some time to say something. */
export function expectReply(turn: Turn, { skill, agent, variables }: TransferNeed): void {
  const { agents } = turn.bot.document;
  if (agents?.fallback_skill === undefined || agents.fallback_skill === skill) return;
  const conversation_id = turn.conversation.id;
  const timer: TimerRow = {
    id: timerOf(conversation_id),
    conversation_id,
    kind: 'no_reply',
    due_at: turn.rooms.world.clock.now() + (agents.fallback_after_ms ?? usualWait),
    body: JSON.stringify({ agent, variables } satisfies NoReplyBody),
  };
  turn.writes.push((tx) => setTimer(tx, timer));
}

/** Somebody has spoken, or the bot has it again. */
export async function expectNoReply(tx: Transaction, conversationId: string): Promise<void> {
  await cancelTimer(tx, timerOf(conversationId));
}

/** What a timer keeps for its turn. */
export type NoReplyBody = Pick<TransferNeed, 'agent' | 'variables'>;

/** Puts what is due into the inbox; who deletes a timer is the one who does. */
export async function ringTimers({ db, world }: Pick<Rooms, 'db' | 'world'>): Promise<void> {
  const at = world.clock.now();
  for (const { id, conversation_id, kind, due_at, body } of await dueTimers(db, at)) {
    await db.write(async (tx) => {
      await holdConversation(tx, conversation_id);
      if (!(await cancelTimer(tx, id))) return;
      const message_id = `timer:${kind}:${due_at}`;
      // Written by `expectReply` only, as an object.
      const item = JSON.parse(body) as object;
      await appendInbox(tx, { conversation_id, message_id, kind: 'timer', body: item, at });
    });
  }
}
