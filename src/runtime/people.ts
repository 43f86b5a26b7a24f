/** What people tell of a conversation that was handed to them: through the account's key, never a consumer's. */
import { holdConversation } from '../store/attempt.ts';
import { type ConversationRow, findConversation } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { appendEvent } from '../store/event.ts';
import { appendInbox } from '../store/inbox.ts';
import { appendTrace } from '../store/trace.ts';
import { newId } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import { drive } from './drive.ts';
import { expectNoReply } from './no-reply.ts';
import type { Rooms } from './parts.ts';
import type { PeoplesReport } from './runtime.ts';
import { readShellState } from './shell-state.ts';
import { note, type Turn } from './turn.ts';

/** What the inbox keeps of a report. */
export interface PeopleBody {
  status: PeoplesReport['status'];
}

/** People could not take the conversation after all, or are done with it. The bot has it again when its turn comes. */
export async function takeReport(rooms: Rooms, report: PeoplesReport): Promise<void> {
  const { conversation_id, status, message } = report;
  await inPeoplesHands(rooms, report, async (tx, at) => {
    await expectNoReply(tx, conversation_id);
    if (message !== undefined) await write(tx, { conversation_id, text: message, at });
    const body: PeopleBody = { status };
    const message_id = newId(rooms.world.random, 'people');
    await appendInbox(tx, { conversation_id, message_id, kind: 'people', body, at });
  });
}

/** What somebody of the brand's says to the consumer. Answers its place in the transcript. */
export async function sayForPeople(
  rooms: Rooms,
  said: { account_id: string; conversation_id: string; text: string },
): Promise<{ seq: number }> {
  const { conversation_id, text } = said;
  return await inPeoplesHands(rooms, said, async (tx, at) => {
    await expectNoReply(tx, conversation_id);
    return { seq: await write(tx, { conversation_id, text, at }) };
  });
}

/** The report's turn. */
export async function hearPeople(turn: Turn, { status }: PeopleBody): Promise<void> {
  const at = turn.rooms.world.clock.now();
  if (status === 'failed') return await drive(turn, { type: 'transfer_failed', at });
  await drive(turn, { type: 'given_back' });
  turn.events.push({ type: 'transfer', at, body: { status, skill: '' } });
  note(turn, { kind: 'transfer', status, skill: '' });
}

async function inPeoplesHands<T>(
  rooms: Rooms,
  of: { account_id: string; conversation_id: string },
  work: (tx: Transaction, at: number) => Promise<T>,
): Promise<T> {
  const done = await rooms.db.write(async (tx) => {
    await holdConversation(tx, of.conversation_id);
    const conversation = await findConversation(tx, of.conversation_id);
    if (conversation?.account_id !== of.account_id) throw new Problem('not_found', 'There is no such conversation.');
    if (conversation.status === 'closed') throw new Problem('conversation_closed', 'This conversation has ended.');
    if (!isHandedOver(conversation)) throw new Problem('conflict', 'The bot has this conversation, not people.');
    return await work(tx, rooms.world.clock.now());
  });
  rooms.live.tell(of.conversation_id, 'events');
  return done;
}

/** Also while the hand-over is on its way: people may be quicker than the turn that called them. */
function isHandedOver({ state }: ConversationRow): boolean {
  if (state === '') return false;
  const { engine } = readShellState(state);
  return engine.with_people === true || engine.flow?.expects === 'transfer';
}

async function write(tx: Transaction, said: { conversation_id: string; text: string; at: number }): Promise<number> {
  const { conversation_id, text, at } = said;
  const body = { from: 'agent', text };
  await appendTrace(tx, conversation_id, { at, entries: [{ kind: 'message', ...body }] });
  return await appendEvent(tx, { conversation_id, type: 'message', at, body });
}
