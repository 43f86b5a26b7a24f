import Type from 'typebox';
import { AccountParams, ResourceParams } from '../../api/account.ts';
import { closed, documented, Id, limitOf, NoQuery, PageQuery } from '../../api/common.ts';
import {
  ConversationReport,
  type ConversationSummary,
  ConversationSummaryPage,
  TracePage,
} from '../../api/conversation-report.ts';
import { maskHandles } from '../../delegation/handles.ts';
import type { Database } from '../../store/database.ts';
import { type EventRow, readEvents } from '../../store/event.ts';
import {
  type ConversationReportRow,
  findConversationReport,
  listConversations,
} from '../../store/conversation-report.ts';
import { readTrace } from '../../store/trace.ts';
import { Problem } from '../../world/problem.ts';
import { numberOf } from '../../store/page.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { pageOf, type ResourceParts, routeOptions } from './resource.ts';
import { wireTime, withWireTimes } from './wire-time.ts';

const url = '/v1/accounts/:account_id/conversations';
const newest = 1_000;
/** A turn is never cut in two, so a page may have more items than its `limit`. */
const TraceQuery = Type.Object(
  { ...PageQuery.properties, limit: limitOf(' turns, each with all of its entries') },
  closed,
);
const ListQuery = Type.Object({ ...PageQuery.properties, bot_id: Type.Optional(Id) }, closed);

/** What was said and what happened. Handles of tokens and sign-in links show as `•••`: they are not the account's to use. */
export function conversationRoutes(app: App, { db }: AccountParts, common: ResourceParts): void {
  const options = routeOptions(common);
  const schema = { tags: ['account'], params: ResourceParams };
  app.get(
    url,
    {
      ...options,
      schema: {
        tags: ['account'],
        summary: 'List: conversations',
        params: AccountParams,
        querystring: ListQuery,
        response: { 200: documented(ConversationSummaryPage) },
      },
    },
    async (request) => {
      const { items, next } = await listConversations(
        db,
        { ...request.query, ...request.params },
        pageOf(request.query),
      );
      return { items: items.map(summaryOf), next };
    },
  );
  app.get(
    `${url}/:id`,
    {
      ...options,
      schema: {
        ...schema,
        summary: 'Read: conversation',
        querystring: NoQuery,
        response: { 200: documented(ConversationReport) },
      },
    },
    async (request) => {
      const row = await ownConversation(db, request.params);
      const after = Math.max(0, row.last_seq - newest);
      const events = await readEvents(db, { conversation_id: row.id, after, limit: newest });
      return { ...summaryOf(row), transcript: events.map(showEvent) };
    },
  );
  app.get(
    `${url}/:id/trace`,
    {
      ...options,
      schema: {
        ...schema,
        summary: 'Trace of a conversation',
        querystring: TraceQuery,
        response: { 200: documented(TracePage) },
      },
    },
    async (request) => {
      const row = await ownConversation(db, request.params);
      const { limit = 50, after } = pageOf(request.query);
      const items = await readTrace(db, { conversation_id: row.id, after: numberOf(after) ?? 0, limit });
      const last = items.at(-1)?.n ?? row.last_trace;
      const shown = items.map((item) => masked(withWireTimes(item)));
      return { items: shown, next: last < row.last_trace ? String(last) : null };
    },
  );
}

async function ownConversation(
  db: Database,
  { account_id, id }: { account_id: string; id: string },
): Promise<ConversationReportRow> {
  const row = await findConversationReport(db, account_id, id);
  if (!row) throw new Problem('not_found', 'There is no such conversation.');
  return row;
}

function summaryOf(row: ConversationReportRow): ConversationSummary {
  return {
    id: row.id,
    bot_id: row.bot_id,
    bot_version: row.bot_version,
    channel: row.channel,
    locale: row.locale,
    consumer_id: row.consumer_id,
    status: row.status,
    turns: row.turn,
    last_seq: row.last_seq,
    created_at: wireTime(row.created_at),
    updated_at: wireTime(row.touched_at),
  };
}

function showEvent({ seq, at, type, body }: EventRow) {
  return { ...parseObject(maskHandles(body)), seq, at: wireTime(at), type };
}

const masked = (item: object) => parseObject(maskHandles(JSON.stringify(item)));

function parseObject(text: string): object {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}
