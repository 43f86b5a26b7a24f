import type { ConversationRow } from './conversation.ts';
import { type Page, type PageRequest, type Reader, readPage } from './page.ts';

/** A conversation as its account sees it in a list: no state, no hashes. */
export type ConversationReportRow = Pick<
  ConversationRow,
  | 'id'
  | 'account_id'
  | 'bot_id'
  | 'bot_version'
  | 'channel'
  | 'locale'
  | 'consumer_id'
  | 'status'
  | 'turn'
  | 'last_seq'
  | 'last_trace'
  | 'created_at'
  | 'touched_at'
>;

const columns =
  'id, account_id, bot_id, bot_version, channel, locale, consumer_id, status, turn, last_seq, last_trace, created_at, touched_at';

export function listConversations(
  on: Reader,
  filter: { account_id: string; bot_id?: string },
  page: PageRequest = {},
): Promise<Page<ConversationReportRow>> {
  const { account_id, bot_id } = filter;
  const select = `SELECT ${columns} FROM conversation WHERE account_id = ? AND bot_id = COALESCE(?, bot_id)`;
  return readPage<ConversationReportRow>(on, { select, values: [account_id, bot_id ?? null], page });
}

/** Only of that account: another's is not there. */
export function findConversationReport(
  on: Reader,
  account_id: string,
  id: string,
): Promise<ConversationReportRow | undefined> {
  return on.get<ConversationReportRow>(
    `SELECT ${columns} FROM conversation WHERE account_id = ? AND id = ?`,
    account_id,
    id,
  );
}
