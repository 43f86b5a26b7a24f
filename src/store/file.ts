import type { Transaction } from './database.ts';
import type { Reader } from './page.ts';
import type { SealedColumn } from './sealed-column.ts';

/** A consumer's file on its way to the brand. `content` is sealed. */
export interface FileRow {
  id: string;
  account_id: string;
  conversation_id: string;
  name: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  content: string;
  created_at: number;
}

/** The files of consumers, for as long as they wait. */
export const fileContentColumn: SealedColumn<ReturnType<typeof fileContentOwner>> = {
  table: 'file',
  column: 'content',
  needs: ['account_id', 'conversation_id'],
  owner: (row) =>
    fileContentOwner({
      id: String(row.id),
      account_id: String(row.account_id),
      conversation_id: String(row.conversation_id),
    }),
};

/** What a file is sealed for: it opens in no other conversation. */
export function fileContentOwner(row: Pick<FileRow, 'id' | 'account_id' | 'conversation_id'>) {
  return { account_id: row.account_id, field: 'file.content', row: row.id, principal: row.conversation_id };
}

export async function insertFile(tx: Transaction, file: FileRow): Promise<void> {
  await tx.run(
    `INSERT INTO file (id, account_id, conversation_id, name, type, size, content, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    file.id,
    file.account_id,
    file.conversation_id,
    file.name,
    file.type,
    file.size,
    file.content,
    file.created_at,
  );
}

/** Only of that conversation. */
export function findFile(on: Reader, of: { id: string; conversation_id: string }): Promise<FileRow | undefined> {
  return on.get<FileRow>(
    `SELECT id, account_id, conversation_id, name, type, size, content, created_at FROM file
     WHERE id = ? AND conversation_id = ?`,
    of.id,
    of.conversation_id,
  );
}

export async function countFiles(on: Reader, conversationId: string): Promise<number> {
  const row = await on.get<{ count: number }>(
    'SELECT COUNT(*) AS count FROM file WHERE conversation_id = ?',
    conversationId,
  );
  return Number(row?.count ?? 0);
}

export async function deleteFile(tx: Transaction, id: string): Promise<void> {
  await tx.run('DELETE FROM file WHERE id = ?', id);
}

export async function deleteFilesOf(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run('DELETE FROM file WHERE conversation_id = ?', conversationId);
}

/** Whether any file is older than this; a look costs less than a write that deletes nothing. */
export async function hasFilesBefore(on: Reader, at: number): Promise<boolean> {
  return (await on.get('SELECT id FROM file WHERE created_at < ? LIMIT 1', at)) !== undefined;
}

export async function deleteFilesBefore(tx: Transaction, at: number): Promise<void> {
  await tx.run('DELETE FROM file WHERE created_at < ?', at);
}
