import Type, { type Static } from 'typebox';
import { Id, Name, named, Origin, page, Time } from './common.ts';

const EmbedOrigins = Type.Array(Origin, {
  maxItems: 50,
  uniqueItems: true,
  description:
    'Exact origins that may embed the chat panel and call the Consumer API from a browser; default none, never with credentials',
});

/** Checked by the bot's own rules, not here: its faults are 422 `invalid_document`, each with its path. */
export const AnyDocument = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  minProperties: 1,
  title: 'BotDocumentOrExport',
  description: 'A bot document (`/schemas/bot.json`), or a LivePerson export',
});

/** A bot document or an export as it is, or one of these with settings around it. */
export const BotSettings = named('BotSettings', {
  name: Type.Optional(Name),
  document: Type.Optional(AnyDocument),
  embed_origins: Type.Optional(EmbedOrigins),
});
export type BotSettings = Static<typeof BotSettings>;
export const BotBody = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  minProperties: 1,
  anyOf: [BotSettings, AnyDocument],
  title: 'BotBody',
  description:
    'A bot document (`/schemas/bot.json`) or a LivePerson export, with `embed_origins` beside its members or none; or `{ name?, document, embed_origins? }` around one',
});

export const DocumentProblem = named('DocumentProblem', {
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  path: Type.String({ description: 'JSON pointer' }),
  message: Type.String(),
});

export const Bot = named('Bot', {
  id: Id,
  name: Type.String(),
  document: AnyDocument,
  embed_origins: EmbedOrigins,
  published_version: Type.Union([Type.Integer(), Type.Null()]),
  chat_url: Type.String(),
  warnings: Type.Array(DocumentProblem),
  report: Type.Optional(
    Type.Unknown({ description: 'In the answer to a create or replace with an export: what an import reports' }),
  ),
  version: Type.Integer({ description: 'Of the draft; the ETag' }),
  created_at: Time,
  updated_at: Time,
});
export type Bot = Static<typeof Bot>;

export const BotSummary = named('BotSummary', {
  id: Id,
  name: Type.String(),
  published_version: Type.Union([Type.Integer(), Type.Null()]),
  chat_url: Type.String(),
  version: Type.Integer(),
  created_at: Time,
  updated_at: Time,
});
export const BotPage = page('BotPage', BotSummary);

export const ImportedBot = named('ImportedBot', {
  bot: Bot,
  report: Type.Unknown({ description: 'What was mapped, approximated and ignored, each with its path in the export' }),
});

export const BotVersion = named('BotVersion', {
  id: Id,
  bot_id: Id,
  number: Type.Integer(),
  published: Type.Boolean(),
  created_at: Time,
  document: Type.Optional(AnyDocument),
});
export type BotVersion = Static<typeof BotVersion>;
export const BotVersionPage = page('BotVersionPage', BotVersion);
export const RollbackInput = Type.Union([
  named('RollbackInput', { version: Type.Optional(Type.Integer({ minimum: 1, maximum: 999_999_999 })) }),
  Type.Null(),
]);
export const VersionParams = Type.Object({ account_id: Type.String(), id: Type.String(), number: Type.String() });
