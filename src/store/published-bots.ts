import type { Transaction } from './database.ts';
import type { Reader } from './page.ts';

/** A bot that conversations can be handed to. */
export interface PublishedBot {
  id: string;
  name: string;
  /** Number of its published version. */
  published: number;
}

const mostOfGroup = 200;

/** Of that account only: the bot with this id, else the oldest of this name. */
export function findPublishedBotNamed(
  on: Reader,
  account_id: string,
  idOrName: string,
): Promise<PublishedBot | undefined> {
  return on.get<PublishedBot>(
    `SELECT id, name, published FROM bot WHERE account_id = ? AND published IS NOT NULL AND (id = ? OR name = ?)
     ORDER BY CASE WHEN id = ? THEN 0 ELSE 1 END, created_at, id LIMIT 1`,
    account_id,
    idOrName,
    idOrName,
    idOrName,
  );
}

/** All of an account's, at most 200, in the order of their names. */
export function publishedBotsOf(on: Reader, account_id: string): Promise<PublishedBot[]> {
  return on.all<PublishedBot>(
    'SELECT id, name, published FROM bot WHERE account_id = ? AND published IS NOT NULL ORDER BY name, id LIMIT ?',
    account_id,
    mostOfGroup,
  );
}

/** The conversation goes on with another bot. Which one it was opened with stays known: its pages were let in by that one. */
export async function moveConversation(
  tx: Transaction,
  move: { id: string; bot_id: string; bot_version: number },
): Promise<void> {
  await tx.run(
    'UPDATE conversation SET opened_with = COALESCE(opened_with, bot_id), bot_id = ?, bot_version = ? WHERE id = ?',
    move.bot_id,
    move.bot_version,
    move.id,
  );
}

/** The bot whose pages may show the conversation. */
export async function openedWith(on: Reader, conversationId: string): Promise<string | undefined> {
  const row = await on.get<{ bot_id: string }>(
    'SELECT COALESCE(opened_with, bot_id) AS bot_id FROM conversation WHERE id = ?',
    conversationId,
  );
  return row?.bot_id;
}
