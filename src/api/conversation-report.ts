/** Account API: what an account sees of its conversations and connections. Secrets never. */
import Type, { type Static } from 'typebox';
import { Id, named, page, Time } from './common.ts';
import { Channel } from './conversation.ts';
import { ConversationEvent } from './event.ts';

const summary = {
  id: Id,
  bot_id: Id,
  bot_version: Type.Integer(),
  channel: Channel,
  locale: Type.String(),
  consumer_id: Id,
  status: Type.String(),
  turns: Type.Integer(),
  last_seq: Type.Integer(),
  created_at: Time,
  updated_at: Time,
};
export const ConversationSummary = named('ConversationSummary', summary);
export type ConversationSummary = Static<typeof ConversationSummary>;
export const ConversationSummaryPage = page('ConversationSummaryPage', ConversationSummary);

export const ConversationReport = named('ConversationReport', {
  ...summary,
  transcript: Type.Array(ConversationEvent, { description: 'The newest 1,000 events; sign-in links stand as •••' }),
});
export type ConversationReport = Static<typeof ConversationReport>;

export const TraceEntry = Type.Object(
  { n: Type.Integer(), turn: Type.Integer(), at: Time, kind: Type.String() },
  { title: 'TraceEntry', description: 'Further fields depend on `kind`' },
);
export const TracePage = page('TracePage', TraceEntry);

export const ConnectionReport = named('ConnectionReport', {
  id: Id,
  credential_id: Id,
  conversation_id: Id,
  status: Type.String(),
  scopes: Type.Array(Type.String()),
  since: Time,
  last_used: Type.Union([Time, Type.Null()]),
  revocation: Type.Union([Type.Literal('pending'), Type.Literal('gave_up'), Type.Null()], {
    description: 'Whether tokens are still owed to the provider, or could not be given back',
  }),
});
export const ConnectionReportPage = Type.Object(
  {
    items: Type.Array(ConnectionReport),
    next: Type.Union([Type.String(), Type.Null()]),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'By status, of the whole account' }),
    revocations: named('RevocationCounts', { pending: Type.Integer(), gave_up: Type.Integer() }),
  },
  { additionalProperties: false, title: 'ConnectionReportPage' },
);
