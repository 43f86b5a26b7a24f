import { type SentenceKey, sentence } from '../api/sentences.ts';
import { codeShape } from '../delegation/code.ts';
import type { TypedCode } from '../delegation/delegation.ts';
import { type Claim, type ConversationRow, takePlace } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { appendEvent, insertEvent } from '../store/event.ts';
import { findInbox, type InboxRow, insertInbox, nextInbox } from '../store/inbox.ts';
import { UniqueViolation } from '../store/unique-violation.ts';
import type { Json } from '../world/json.ts';
import { Problem } from '../world/problem.ts';
import { commandOf } from './commands.ts';
import { maskIncoming } from './mask-incoming.ts';
import type { MessageBody } from './message.ts';
import type { Rooms } from './parts.ts';
import type { IncomingMessage, Session } from './runtime.ts';
import { askerOf } from './turn.ts';

/** What a typed code looks like to anybody who reads along. */
const maskedCode = '••••••';

export interface Accepted {
  seq: number;
  /** Work for whoever made the claim, where it took the conversation. */
  claimed?: { conversation: ConversationRow; item: InboxRow | undefined };
}

/**
 * Makes a message durable: transcript event and inbox row in one transaction, before anybody answers 202 (I1). The same
 * id with the same body gets the same answer, with another body it is refused (I2). The same statement claims the
 * conversation when it is idle, and `early` hears of it before it is durable: a turn that needs nothing but the engine is
 * then written with the commit that accepts its message.
 */
export async function acceptMessage(
  rooms: Rooms,
  arrival: { session: Session; message: IncomingMessage; claim: Claim; early?: (accepted: Accepted) => void },
): Promise<Accepted> {
  const { session, claim, early } = arrival;
  const message = { ...maskIncoming(arrival.message), id: arrival.message.id };
  const body = bodyOf(message);
  // Keyed, because a message may be a code of six letters: a plain hash of it could be guessed from a dump.
  const hash = rooms.vault.mac('code', JSON.stringify(inOrder(arrival.message)));
  rooms.world.failpoint?.('accept.before_commit');
  const accepted = await onceMore((again) => rooms.db.write((tx) => work(tx, again), early));
  rooms.world.failpoint?.('accept.committed');
  rooms.live.tell(session.conversation_id, 'events');
  return accepted;

  /** A plain message is taken for new until its row is found to be there: then this is done `again`, and looks first. */
  async function work(tx: Transaction, again: boolean): Promise<Accepted> {
    const before = again || !isPlain(body) ? await known(tx) : undefined;
    if (before) return before;
    const conversation = await takePlace(tx, session.conversation_id, claim);
    if (!conversation) return (await known(tx)) ?? refuseClosed();
    const code = await typedCode(rooms, tx, { conversation, body });
    const kept = await signedOut(rooms, tx, { conversation, body });
    const item = await write(tx, {
      conversation,
      message,
      body: kept,
      hash,
      at: claim.now,
      isCode: code.kind !== 'none',
    });
    await sayOfCode(tx, { conversation, code, at: claim.now });
    const seq = conversation.last_seq;
    if (conversation.lease_owner !== claim.owner) return { seq };
    // PostgreSQL answers the subquery from before the row was waited for: what came in meanwhile would be passed by.
    const waitsAlone = conversation.first_waiting === null && rooms.db.kind === 'sqlite';
    return { seq, claimed: { conversation, item: waitsAlone ? item : await nextInbox(tx, conversation.id) } };
  }

  async function known(tx: Transaction): Promise<Accepted | undefined> {
    const before = await findInbox(tx, session.conversation_id, inboxId(message));
    return before && { seq: repeated(before, hash) };
  }
}

function refuseClosed(): never {
  throw new Problem('conversation_closed', 'This conversation has ended: start a new one.');
}

/** Nothing but words for the bot: neither what may be a code nor a sign-out, which do more than wait for their turn. */
function isPlain({ text, postback }: MessageBody): boolean {
  return postback !== undefined || (codeShape(text) === undefined && commandOf(text) !== 'sign_out');
}

/** A client may write the members of the same body in another order when it sends it again. */
function inOrder(message: IncomingMessage): object {
  if ('text' in message) return { id: message.id, text: message.text };
  const { id, postback, label, metadata } = message;
  return { id, postback, label, metadata };
}

/** Ids that consumers choose have a space of their own: none can stand where a sign-in's notice belongs. */
function inboxId(message: IncomingMessage): string {
  return `message:${message.id}`;
}

/** A message that is there already, or in two requests at once: it is found when it is looked for. */
async function onceMore<T>(write: (again: boolean) => Promise<T>): Promise<T> {
  try {
    return await write(false);
  } catch (error) {
    if (error instanceof UniqueViolation) return await write(true);
    throw error;
  }
}

function repeated(before: { seq: number; body_hash: string }, hash: string): number {
  if (before.body_hash === hash) return before.seq;
  throw new Problem(
    'message_id_reused',
    'This message id was used before with another body: give each message an id of its own.',
  );
}

/** A code counts only as a whole message while a browser of this conversation shows one; it never reaches the bot. */
async function typedCode(
  rooms: Rooms,
  tx: Transaction,
  typed: { conversation: ConversationRow; body: MessageBody },
): Promise<TypedCode> {
  const { conversation, body } = typed;
  if (body.postback !== undefined || codeShape(body.text) === undefined) return { kind: 'none' };
  return await rooms.delegation.typedCode(tx, askerOf(conversation, ''), body.text);
}

const wordsOfCode: Partial<Record<TypedCode['kind'], SentenceKey>> = {
  bound: 'code_accepted',
  rejected: 'code_rejected',
  late: 'code_late',
};

/** A channel of plain text shows no sign-in card: there the platform says how the code went. Of one that is over no card tells anything. */
async function sayOfCode(
  tx: Transaction,
  typed: { conversation: ConversationRow; code: TypedCode; at: number },
): Promise<void> {
  const { conversation, code, at } = typed;
  const key = wordsOfCode[code.kind];
  if (key === undefined || (conversation.channel !== 'text' && code.kind !== 'late')) return;
  const places = code.kind === 'rejected' ? { left: String(code.attempts_left) } : {};
  const text = sentence(conversation.locale, key, places);
  await appendEvent(tx, { conversation_id: conversation.id, type: 'message', at, body: { from: 'bot', text } });
}

/**
 * A typed sign-out takes effect when it is accepted, not when its turn comes: what waits before it in the inbox must not
 * use the permission any more (I6). Its turn only says so.
 */
async function signedOut(
  rooms: Rooms,
  tx: Transaction,
  typed: { conversation: ConversationRow; body: MessageBody },
): Promise<MessageBody> {
  const { conversation, body } = typed;
  if (body.postback !== undefined || commandOf(body.text) !== 'sign_out') return body;
  const attempts = (await rooms.delegation.openAttempts(tx, conversation.id)).length;
  const connections = await rooms.delegation.end(tx, conversation.id);
  return { ...body, signed_out: { connections, attempts } };
}

interface NewMessage {
  conversation: ConversationRow;
  message: IncomingMessage;
  body: MessageBody;
  hash: string;
  at: number;
  isCode: boolean;
}

/** What now waits for its turn; a code does not. */
async function write(tx: Transaction, arrival: NewMessage): Promise<InboxRow | undefined> {
  const { conversation, message, body, isCode, at } = arrival;
  const text = isCode ? maskedCode : body.text;
  await insertEvent(tx, conversation.id, {
    seq: conversation.last_seq,
    at,
    type: 'message',
    body: {
      from: 'consumer',
      message_id: message.id,
      text,
      ...(body.postback === undefined ? {} : { postback: body.postback }),
      ...('metadata' in message && { metadata: message.metadata }),
    },
  });
  const item = {
    conversation_id: conversation.id,
    message_id: inboxId(message),
    position: conversation.last_position,
    kind: 'message' as const,
    body: JSON.stringify(isCode ? { text: maskedCode } : body),
    body_hash: arrival.hash,
    seq: conversation.last_seq,
  };
  await insertInbox(tx, { ...item, at, done_at: isCode ? at : null });
  return isCode ? undefined : { ...item, tries: 0, created_at: at };
}

function bodyOf(message: IncomingMessage): MessageBody {
  if ('text' in message) return { text: message.text };
  // It came as JSON.
  const metadata = message.metadata as Json[] | undefined;
  return { text: message.label ?? message.postback, postback: message.postback, ...(metadata && { metadata }) };
}
