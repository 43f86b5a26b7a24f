import type { UploadedFile } from '../integration/upload.ts';
import { deleteFile, deleteFilesBefore, fileContentOwner, findFile, hasFilesBefore } from '../store/file.ts';
import type { Rooms } from './parts.ts';
import type { Turn } from './turn.ts';

/** A file that nobody has taken on by then is deleted. ms. */
const keptFor = 24 * 60 * 60_000;

/** It is taken on, or nobody will: deleted with the turn's next commit. */
export function forgetFile(turn: Turn, id: string): void {
  turn.writes.push((tx) => deleteFile(tx, id));
}

/** Its bytes, for the call that takes it on; undefined when it is gone. */
export async function openFile(turn: Turn, id: string): Promise<UploadedFile | undefined> {
  const { rooms, conversation } = turn;
  const row = await findFile(rooms.db, { id, conversation_id: conversation.id });
  if (!row) return undefined;
  const content = await rooms.vault.open(row.content, fileContentOwner(row));
  return { name: row.name, type: row.type, bytes: Buffer.from(content.reveal(), 'base64') };
}

/** Files that nobody came back for. */
export async function deleteOldFiles({ db, world }: Pick<Rooms, 'db' | 'world'>): Promise<void> {
  const before = world.clock.now() - keptFor;
  if (await hasFilesBefore(db, before)) await db.write((tx) => deleteFilesBefore(tx, before));
}
