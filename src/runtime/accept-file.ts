import type { ReceivedFile } from '../engine/step.ts';
import { holdConversation } from '../store/attempt.ts';
import { type ConversationRow, findConversation } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';
import { appendEvent } from '../store/event.ts';
import { countFiles, fileContentOwner, insertFile } from '../store/file.ts';
import { appendInbox, waitsInInbox } from '../store/inbox.ts';
import type { Reader } from '../store/page.ts';
import { newId } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import { Secret } from '../world/secret.ts';
import { fittingType } from './file-type.ts';
import { maskIncoming } from './mask-incoming.ts';
import type { Rooms } from './parts.ts';
import type { IncomingFile, Session } from './runtime.ts';
import { readShellState } from './shell-state.ts';

/** Of one conversation, those that wait for its consumer's permission included. */
const mostKept = 3;

/** What the inbox keeps of a file. `refused`: it is of no type the bot asks for, and was not kept. */
export interface FileBody {
  file: ReceivedFile;
  refused?: boolean;
}

/** Whether a file may come now, asked before it is read; `acceptFile` asks again. Throws as that does. */
export async function expectFile(rooms: Rooms, { conversation_id }: Session): Promise<readonly string[]> {
  const accept = await acceptedEndings(rooms, conversation_id);
  await refuseMore(rooms.db, conversation_id);
  return accept;
}

/**
 * Takes a file that the bot asks for: sealed and in the inbox when it returns. One of another type is not kept; the bot
 * says so. Throws `conflict` where no file is asked for or one is being looked at, `conversation_closed`, `rate_limited`.
 */
export async function acceptFile(
  rooms: Rooms,
  { session, file }: { session: Session; file: IncomingFile },
): Promise<{ seq: number }> {
  const { conversation_id } = session;
  const accept = await expectFile(rooms, session);
  const name = plainName(file.name);
  const type = fittingType({ name, bytes: file.bytes }, accept);
  const id = newId(rooms.world.random, 'file');
  const size = file.bytes.length;
  const kept = {
    id,
    name,
    type: type ?? 'application/octet-stream',
    size,
    caption: maskIncoming(file.caption ?? null),
  };
  const content = type === undefined ? undefined : await sealed(rooms, session, { id, bytes: file.bytes });
  const seq = await rooms.db.write((tx) => write(rooms, tx, { session, file: kept, content }));
  rooms.live.tell(conversation_id, 'events');
  return { seq };
}

/** One file answers one question. Looked at before a file is sealed, and again where it counts. */
async function refuseMore(on: Reader, conversationId: string): Promise<void> {
  if ((await countFiles(on, conversationId)) >= mostKept)
    throw new Problem('rate_limited', 'The files sent before are not taken on yet: wait for the bot.');
  if (await waitsInInbox(on, conversationId, 'file'))
    throw new Problem('conflict', 'The file sent before is being looked at: wait for the bot.');
}

/** Ends of names that the upload takes at which the bot waits. */
async function acceptedEndings(rooms: Rooms, conversationId: string): Promise<readonly string[]> {
  const conversation = await findConversation(rooms.db, conversationId);
  if (conversation?.status !== 'open')
    throw new Problem('conversation_closed', 'This conversation has ended: start a new one.');
  const bot = await rooms.bots.version(conversation.bot_id, conversation.bot_version);
  const question = bot.compiled.places.get(waitingAt(conversation))?.interaction;
  if (question?.type !== 'file_upload') throw new Problem('conflict', 'The bot does not ask for a file now.');
  return question.accept;
}

function waitingAt({ state }: ConversationRow): string {
  return state === '' ? '' : (readShellState(state).engine.waiting?.interaction ?? '');
}

/** As it is shown and sent on: no folders, no sign-in link, nothing that cannot be seen. */
function plainName(name: string): string {
  const visible = maskIncoming(name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"]/gu, ''));
  const last = visible.split(/[/\\]/).at(-1) ?? '';
  return last.trim().slice(-200);
}

function sealed(rooms: Rooms, session: Session, { id, bytes }: { id: string; bytes: Uint8Array }): Promise<string> {
  const { account_id, conversation_id } = session;
  return rooms.vault.seal(
    new Secret(Buffer.from(bytes).toString('base64')),
    fileContentOwner({ id, account_id, conversation_id }),
  );
}

async function write(
  rooms: Rooms,
  tx: Transaction,
  arrival: { session: Session; file: ReceivedFile; content: string | undefined },
): Promise<number> {
  const { session, file, content } = arrival;
  const { conversation_id, account_id } = session;
  const at = rooms.world.clock.now();
  const { id, name, type, size, caption } = file;
  await holdConversation(tx, conversation_id);
  await refuseMore(tx, conversation_id);
  const shown = { from: 'consumer', text: caption ?? name, file: { name, type, size } };
  const seq = await appendEvent(tx, { conversation_id, type: 'message', at, body: shown });
  if (content !== undefined)
    await insertFile(tx, { id, account_id, conversation_id, name, type, size, content, created_at: at });
  const body: FileBody = { file, ...(content === undefined && { refused: true }) };
  await appendInbox(tx, { conversation_id, message_id: `file:${id}`, kind: 'file', body, at });
  return seq;
}
