import type { BotDocument } from '../bot/document.ts';
import { Problem } from '../world/problem.ts';
import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { numberOf, type Page, type PageRequest, type Reader } from './page.ts';
import { type Versioned, whyUnchanged } from './versioned.ts';

/** An immutable published copy of a bot's document. */
export interface BotVersionRecord {
  bot_id: string;
  account_id: string;
  number: number;
  document: BotDocument;
  created_at: number;
}

export type BotVersionSummary = Omit<BotVersionRecord, 'document'>;

const summary = 'bot_version.bot_id, bot.account_id, bot_version.number, bot_version.created_at';
const from = 'FROM bot_version JOIN bot ON bot.id = bot_version.bot_id';

/** What everyone may start a conversation with: the bot's owner and its published version, if it has one. */
export function findPublishedBot(
  on: Reader,
  bot_id: string,
): Promise<{ account_id: string; name: string; published: number } | undefined> {
  return on.get('SELECT account_id, name, published FROM bot WHERE id = ? AND published IS NOT NULL', bot_id);
}

/** For the embedding of a published bot: which pages may hold its panel. */
export async function embedOriginsOf(on: Reader, bot_id: string): Promise<string[]> {
  const row = await on.get<{ embed_origins: string }>('SELECT embed_origins FROM bot WHERE id = ?', bot_id);
  return row === undefined ? [] : jsonColumn<string[]>(row.embed_origins);
}

/** By bot and number alone: for the runtime, which holds both from a conversation's row. */
export async function findBotVersion(
  on: Reader,
  bot_id: string,
  number: number,
): Promise<BotVersionRecord | undefined> {
  const row = await on.get<BotVersionSummary & { document: string }>(
    `SELECT ${summary}, bot_version.document ${from} WHERE bot_version.bot_id = ? AND bot_version.number = ?`,
    bot_id,
    number,
  );
  return row && { ...row, document: jsonColumn<BotDocument>(row.document) };
}

/** Newest first; `after` is a number. Of another account's bot: an empty page. */
export async function listBotVersions(
  on: Reader,
  bot: { account_id: string; id: string },
  page: PageRequest = {},
): Promise<Page<BotVersionSummary>> {
  const limit = Math.min(Math.max(page.limit ?? 50, 1), 200);
  const before = numberOf(page.after) ?? Number.MAX_SAFE_INTEGER;
  const rows = await on.all<BotVersionSummary>(
    `SELECT ${summary} ${from} WHERE bot.account_id = ? AND bot.id = ? AND bot_version.number < ?
     ORDER BY bot_version.number DESC LIMIT ?`,
    bot.account_id,
    bot.id,
    before,
    limit + 1,
  );
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? String(items.at(-1)?.number) : null };
}

/** Freezes the draft as the next version and publishes it. Throws `not_found` or `precondition_failed`. */
export async function publishBot(tx: Transaction, key: Versioned, at: number): Promise<BotVersionRecord> {
  // Changing the row first makes a second publish at the same time wait, so that each gets a number of its own.
  const bot = await tx.get<{ draft: string }>(
    `UPDATE bot SET version = version + 1, updated_at = ?
     WHERE account_id = ? AND id = ? AND version = COALESCE(?, version) RETURNING draft`,
    at,
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (bot === undefined) throw await whyUnchanged(tx, 'bot', key);
  const row = await tx.get<{ number: number }>(
    `INSERT INTO bot_version (bot_id, number, document, created_at)
     SELECT id, COALESCE((SELECT MAX(number) FROM bot_version WHERE bot_id = bot.id), 0) + 1, draft, CAST(? AS BIGINT) FROM bot WHERE id = ?
     RETURNING number`,
    at,
    key.id,
  );
  const number = row?.number ?? 0;
  await tx.run('UPDATE bot SET published = ? WHERE account_id = ? AND id = ?', number, key.account_id, key.id);
  return { bot_id: key.id, account_id: key.account_id, number, document: jsonColumn(bot.draft), created_at: at };
}

/** Publishes an earlier version again; the draft stays. Throws `not_found` or `precondition_failed`. */
export async function rollbackBot(tx: Transaction, key: Versioned, to: { number: number; at: number }): Promise<void> {
  const version = await tx.get(
    `SELECT bot_version.number ${from} WHERE bot.account_id = ? AND bot.id = ? AND bot_version.number = ?`,
    key.account_id,
    key.id,
    to.number,
  );
  if (version === undefined) throw new Problem('not_found', `The bot has no version ${to.number}.`);
  const changed = await tx.run(
    `UPDATE bot SET published = ?, version = version + 1, updated_at = ?
     WHERE account_id = ? AND id = ? AND version = COALESCE(?, version)`,
    to.number,
    to.at,
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (changed === 0) throw await whyUnchanged(tx, 'bot', key);
}
