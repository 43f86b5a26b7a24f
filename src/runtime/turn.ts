import type { Asker } from '../delegation/delegation.ts';
import type { ContextChange, Facts, OutgoingMessage } from '../engine/step.ts';
import { commitTurn, type ConversationRow, extendLease, heldBy } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { insertEvent, type NewEvent } from '../store/event.ts';
import { type InboxRow, markInboxDone } from '../store/inbox.ts';
import { insertTrace, type TraceEntry } from '../store/trace.ts';
import type { LoadedBot } from './bots.ts';
import { leaseLength, type Rooms } from './parts.ts';
import { maskTrace } from './redaction.ts';
import { type ShellState, writeShellState } from './shell-state.ts';

/** One inbox item on its way through the bot: what is known, and what waits for the next commit. */
export interface Turn extends Progress {
  /** Another one once the conversation was handed to it. */
  bot: LoadedBot;
  environment: Record<string, string>;
  /** How often this turn has handed the conversation to another bot; absent: never. */
  routes?: number;
  /** Calls made in this turn so far: numbers their steps, the same at each run of the same item. */
  calls: number;
  /**
   * Resolves when the message that the turn answers is durable, and rejects when it will not be: the worker may have begun
   * before (`take-message.ts`). Nothing but the turn's own commit may leave it earlier.
   */
  durable: Promise<unknown>;
  /** The interaction whose permission was granted just now: a refusal of the same call right after is a fault of the setup. */
  granted?: string;
}

/** What a turn has come to: all that a commit needs. */
export interface Progress {
  readonly rooms: Rooms;
  readonly item: InboxRow;
  conversation: ConversationRow;
  state: ShellState;
  events: NewEvent[];
  trace: TraceEntry[];
  writes: ((tx: Transaction) => Promise<void>)[];
  /** Changes to the Conversation Context Service among `writes`, and how long their JSON is: what this turn reads must have seen them. */
  context?: { changes: ContextChange[]; length: number };
  closed: boolean;
}

/** The worker lost its lease to another one: nothing of its turn was written, and nothing may be (I3). */
export class LeaseLost extends Error {
  constructor(conversationId: string) {
    super(`another worker has conversation ${conversationId}`);
    this.name = 'LeaseLost';
  }
}

export function factsOf(turn: Pick<Turn, 'conversation' | 'environment' | 'rooms'>): Facts {
  const { conversation, rooms } = turn;
  return {
    conversation_id: conversation.id,
    consumer_id: conversation.consumer_id,
    account_id: conversation.account_id,
    bot_id: conversation.bot_id,
    channel: conversation.channel,
    locale: conversation.locale,
    environment: turn.environment,
    ...rooms.stand_in?.facts,
  };
}

export function askerOf(conversation: ConversationRow, botName: string): Asker {
  return {
    id: conversation.id,
    account_id: conversation.account_id,
    bot_id: conversation.bot_id,
    bot_name: botName,
    channel: conversation.channel,
    locale: conversation.locale,
    generation: conversation.generation,
    browser_hash: conversation.browser_hash,
  };
}

/** Queues what the consumer sees next. */
export function say(turn: Progress, message: OutgoingMessage): void {
  const at = turn.rooms.world.clock.now();
  turn.events.push({ type: 'message', at, body: { from: 'bot', ...message } });
  note(turn, { kind: 'message', from: 'bot', ...message });
}

export function note(turn: Progress, entry: TraceEntry): void {
  turn.trace.push(entry);
}

/**
 * Begins a transaction beside the turn's own commits: it takes the conversation's row first, as those do, and throws
 * `LeaseLost` when another worker has it by now.
 */
export async function hold(turn: Progress, tx: Transaction): Promise<void> {
  const held = heldBy(turn.conversation);
  const until = turn.rooms.world.clock.now() + leaseLength;
  if (!(await extendLease(tx, { ...held, until }))) throw new LeaseLost(held.id);
}

/**
 * Commits what the turn has so far, guarded by its claim, and publishes it. With `ends` the item is done and the lease
 * goes back unless something came in meanwhile. Throws `LeaseLost`.
 */
export async function commit(
  turn: Progress,
  options: { ends: boolean; also?: (tx: Transaction) => Promise<void> },
): Promise<void> {
  const { rooms, item } = turn;
  const { events, trace, writes } = turn;
  rooms.world.failpoint?.('turn.before_commit');
  turn.conversation = await rooms.db.write(async (tx) => {
    const row = await writeProgress(tx, turn, options.ends);
    if (options.ends) await markInboxDone(tx, item, rooms.world.clock.now());
    for (const write of writes) await write(tx);
    await options.also?.(tx);
    return row;
  });
  turn.events = [];
  turn.trace = [];
  turn.writes = [];
  delete turn.context;
  rooms.world.failpoint?.('turn.committed');
  if (events.length > 0 || trace.length > 0) rooms.live.tell(turn.conversation.id, 'events');
  if (turn.closed) rooms.live.tell(turn.conversation.id, 'closed');
}

async function writeProgress(tx: Transaction, turn: Progress, ends: boolean): Promise<ConversationRow> {
  const { conversation, events, trace, rooms } = turn;
  const now = rooms.world.clock.now();
  const state = writeShellState(turn.state);
  const row = await commitTurn(tx, {
    ...heldBy(conversation),
    state,
    events: events.length,
    traces: trace.length,
    turns: ends ? 1 : 0,
    release_at: ends ? turn.item.position : null,
    lease_until: now + leaseLength,
    now,
  });
  if (!row) throw new LeaseLost(conversation.id);
  let seq = row.last_seq - events.length;
  for (const event of events) {
    seq += 1;
    await insertEvent(tx, conversation.id, { ...event, seq });
  }
  if (trace.length > 0) {
    const n = row.last_trace - trace.length + 1;
    // Before its end a turn is not counted yet.
    const number = ends ? row.turn : row.turn + 1;
    await insertTrace(tx, { conversation_id: conversation.id, n, turn: number, at: now, body: maskTrace(trace) });
  }
  return { ...conversation, ...row, state };
}
