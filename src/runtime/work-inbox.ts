import { initialState } from '../engine/advance.ts';
import {
  type Claim,
  type ConversationRow,
  findConversation,
  heldBy,
  releaseConversation,
} from '../store/conversation.ts';
import { countInboxTry, type InboxRow, nextInbox } from '../store/inbox.ts';
import { drive } from './drive.ts';
import type { FileBody } from './accept-file.ts';
import { hearFile } from './hear-file.ts';
import { giveUp } from './give-up.ts';
import { giveBack, keepLease } from './lease.ts';
import { hearMessage, type MessageBody } from './message.ts';
import { hearNoReply } from './hear-no-reply.ts';
import type { NoReplyBody } from './no-reply.ts';
import { isOutage } from './outage.ts';
import type { Rooms } from './parts.ts';
import { finishUnderWay } from './recover.ts';
import { hearPeople, type PeopleBody } from './people.ts';
import { inputsOfNotice, type NoticeBody } from './resume.ts';
import { readShellState, type ShellState } from './shell-state.ts';
import { commit, LeaseLost, type Progress, type Turn } from './turn.ts';

/** After so many crashes an item is given up, and the consumer is told (RL-09). */
const triesAtMost = 3;

export interface Claimed {
  conversation: ConversationRow;
  claim: Claim;
  /** What waits first in the inbox, where the claim has seen it. */
  item?: InboxRow | undefined;
  /** Of the item that came with the claim, where the worker began before it is durable. */
  durable?: Promise<unknown>;
  /** Position of the item that came with the claim; 0: none did, so a worker before may have died of the first one. */
  fresh: number;
}

/**
 * Works the inbox of a claimed conversation off, item by item, and gives the lease back. False when the last commit saw
 * that nothing else had come in: then there is nothing to look for, since what comes later finds the lease free.
 */
export async function workInbox(rooms: Rooms, claimed: Claimed): Promise<boolean> {
  const { claim, durable = Promise.resolve() } = claimed;
  let { conversation } = claimed;
  let counted: InboxRow | undefined;
  const stopKeeping = keepLease(rooms, conversation);
  try {
    for (let first = true; ; first = false) {
      const item = (first && claimed.item) || (await nextInbox(rooms.db, conversation.id));
      if (!item) break;
      counted = first && item.position !== claimed.fresh ? item : undefined;
      conversation = await workItem(rooms, { conversation, item, counted: counted !== undefined, durable });
      if (conversation.lease_until === 0) return false;
    }
    await rooms.db.write((tx) => releaseConversation(tx, heldBy(conversation)));
  } catch (error) {
    const about = { conversation: conversation.id };
    if (error instanceof LeaseLost) rooms.world.log.warn(about, 'another worker has the conversation, or it is closed');
    else if (!isOutage(error)) throw error;
    else {
      rooms.world.log.warn(about, 'a turn was interrupted: the store is away');
      await giveBack(rooms, { conversation_id: conversation.id, claim, counted });
    }
  } finally {
    stopKeeping();
  }
  return true;
}

interface Work {
  conversation: ConversationRow;
  item: InboxRow;
  counted: boolean;
  durable: Promise<unknown>;
}

async function workItem(rooms: Rooms, work: Work): Promise<ConversationRow> {
  const { conversation, item } = work;
  try {
    const tries = work.counted ? await rooms.db.write((tx) => countInboxTry(tx, item)) : 0;
    if (tries > triesAtMost) return await endBroken(rooms, work);
    const turn = await openTurn(rooms, work);
    await runTurn(turn);
    await commit(turn, { ends: true });
    return turn.conversation;
  } catch (error) {
    if (error instanceof LeaseLost || isOutage(error)) throw error;
    const about = { err: error, conversation: conversation.id, item: item.message_id };
    rooms.world.log.error(about, 'a turn could not be finished');
    return await endBroken(rooms, work);
  }
}

/** A turn that throws is a fault of ours: it starts from what was committed last and ends in one sentence. */
async function endBroken(rooms: Rooms, { conversation, item }: Work): Promise<ConversationRow> {
  const now = await findConversation(rooms.db, conversation.id);
  if (!now || now.epoch !== conversation.epoch || now.lease_owner !== conversation.lease_owner)
    throw new LeaseLost(conversation.id);
  const state = stateOf(now, true);
  const turn: Progress = { rooms, item, conversation: now, state, events: [], trace: [], writes: [], closed: false };
  await giveUp(turn);
  await commit(turn, { ends: true });
  return turn.conversation;
}

async function openTurn(rooms: Rooms, { conversation, item, durable }: Work): Promise<Turn> {
  const bot = await rooms.bots.version(conversation.bot_id, conversation.bot_version);
  const environment = await rooms.bots.environment(bot);
  const state = stateOf(conversation, false);
  const nothing = { events: [], trace: [], writes: [], calls: 0, closed: false };
  return { rooms, bot, environment, item, conversation, state, durable, ...nothing };
}

/** A state that cannot be read is a fault; where the conversation must go on anyhow, it goes on from the start. */
function stateOf(conversation: ConversationRow, anyhow: boolean): ShellState {
  if (conversation.state === '') return { engine: initialState() };
  try {
    return readShellState(conversation.state);
  } catch (error) {
    if (anyhow) return { engine: initialState() };
    throw error;
  }
}

async function runTurn(turn: Turn): Promise<void> {
  // Only a message is heard before it is durable; what was begun before is not taken up so early.
  if (turn.item.kind !== 'message' || turn.state.under_way) await turn.durable;
  const recovered = await finishUnderWay(turn);
  if (turn.item.kind === 'notice') {
    // Notices are written by `delegation` only.
    const notice = JSON.parse(turn.item.body) as NoticeBody;
    for await (const input of inputsOfNotice(turn, notice)) await drive(turn, input);
    return;
  }
  if (recovered) return;
  // Written by `accept-file.ts` only.
  if (turn.item.kind === 'file') return await hearFile(turn, JSON.parse(turn.item.body) as FileBody);
  // Written by `no-reply.ts` only.
  if (turn.item.kind === 'timer') return await hearNoReply(turn, JSON.parse(turn.item.body) as NoReplyBody);
  // Written by `people.ts` only.
  if (turn.item.kind === 'people') return await hearPeople(turn, JSON.parse(turn.item.body) as PeopleBody);
  // Bodies of the inbox are written by `accept.ts` and by `delegation` only.
  const body = JSON.parse(turn.item.body) as MessageBody;
  const through = body.web_view ? { through: 'web_view' } : {};
  turn.trace.push({ kind: 'message', from: 'consumer', text: body.text, ...through });
  await hearMessage(turn, body);
}
