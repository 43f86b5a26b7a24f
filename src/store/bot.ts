import type { BotDocument } from '../bot/document.ts';
import { Problem } from '../world/problem.ts';
import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { type Page, type PageRequest, type Reader, readPage } from './page.ts';
import { type Versioned, whyUnchanged } from './versioned.ts';

/** A bot: the draft an author edits, and which of its versions new conversations get. */
export interface BotRecord {
  id: string;
  account_id: string;
  name: string;
  draft: BotDocument;
  /** Number of the published version. */
  published: number | null;
  embed_origins: string[];
  version: number;
  created_at: number;
  updated_at: number;
}

export type BotSummaryRecord = Omit<BotRecord, 'draft' | 'embed_origins'>;
type Stored = Omit<BotRecord, 'draft' | 'embed_origins'> & { draft: string; embed_origins: string };
type Settings = Pick<BotRecord, 'name' | 'draft' | 'embed_origins'>;

const summary = 'id, account_id, name, published, version, created_at, updated_at';
const columns = `${summary}, draft, embed_origins`;

export async function createBot(
  tx: Transaction,
  bot: Settings & { id: string; account_id: string; at: number },
): Promise<BotRecord> {
  const { at, ...settings } = bot;
  await tx.run(
    `INSERT INTO bot (id, account_id, name, draft, published, embed_origins, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, NULL, ?, 1, ?, ?)`,
    settings.id,
    settings.account_id,
    settings.name,
    JSON.stringify(settings.draft),
    JSON.stringify(settings.embed_origins),
    at,
    at,
  );
  return { ...settings, published: null, version: 1, created_at: at, updated_at: at };
}

export async function findBot(on: Reader, account_id: string, id: string): Promise<BotRecord | undefined> {
  const row = await on.get<Stored>(`SELECT ${columns} FROM bot WHERE account_id = ? AND id = ?`, account_id, id);
  return row && parse(row);
}

/** Without the drafts, which can be large. */
export function listBots(on: Reader, account_id: string, page: PageRequest = {}): Promise<Page<BotSummaryRecord>> {
  const select = `SELECT ${summary} FROM bot WHERE account_id = ?`;
  return readPage<BotSummaryRecord>(on, { select, values: [account_id], page });
}

/** Replaces the draft and the settings. Throws `not_found` or `precondition_failed`. */
export async function updateBot(
  tx: Transaction,
  key: Versioned,
  change: Settings & { at: number },
): Promise<BotRecord> {
  const row = await tx.get<Stored>(
    `UPDATE bot SET name = ?, draft = ?, embed_origins = ?, version = version + 1, updated_at = ?
     WHERE account_id = ? AND id = ? AND version = COALESCE(?, version) RETURNING ${columns}`,
    change.name,
    JSON.stringify(change.draft),
    JSON.stringify(change.embed_origins),
    change.at,
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (row === undefined) throw await whyUnchanged(tx, 'bot', key);
  return parse(row);
}

/** Throws `not_found`, `precondition_failed`, or `conflict` while conversations with the bot are stored. */
export async function deleteBot(tx: Transaction, key: Versioned): Promise<void> {
  // The versions hang on the bot, so the guard comes first: it also holds the row against a publish at the same time.
  const guarded = await tx.run(
    'UPDATE bot SET version = version + 1 WHERE account_id = ? AND id = ? AND version = COALESCE(?, version)',
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (guarded === 0) throw await whyUnchanged(tx, 'bot', key);
  const used = await tx.get(
    'SELECT id FROM conversation WHERE account_id = ? AND bot_id = ? LIMIT 1',
    key.account_id,
    key.id,
  );
  if (used !== undefined)
    throw new Problem('conflict', 'Conversations with this bot are stored; it can no longer be deleted.');
  await tx.run('DELETE FROM bot_version WHERE bot_id = ?', key.id);
  await tx.run('DELETE FROM bot WHERE account_id = ? AND id = ?', key.account_id, key.id);
}

/** Names of the account's bots whose draft or published version says yes; for "what uses this?" before a deletion. */
export async function botsThat(
  on: Reader,
  account_id: string,
  uses: (document: BotDocument) => boolean,
): Promise<string[]> {
  const rows = await on.all<{ name: string; draft: string; document: string | null }>(
    `SELECT bot.name, bot.draft, bot_version.document FROM bot
     LEFT JOIN bot_version ON bot_version.bot_id = bot.id AND bot_version.number = bot.published
     WHERE bot.account_id = ? ORDER BY bot.name`,
    account_id,
  );
  const saysYes = (text: string | null) => text !== null && uses(jsonColumn<BotDocument>(text));
  return rows.filter(({ draft, document }) => saysYes(draft) || saysYes(document)).map(({ name }) => name);
}

function parse(row: Stored): BotRecord {
  return {
    ...row,
    draft: jsonColumn<BotDocument>(row.draft),
    embed_origins: jsonColumn<string[]>(row.embed_origins),
  };
}
