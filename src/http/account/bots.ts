import { Bot, BotBody, BotPage } from '../../api/bot.ts';
import {
  type BotRecord,
  type BotSummaryRecord,
  createBot,
  deleteBot,
  findBot,
  listBots,
  updateBot,
} from '../../store/bot.ts';
import { newId } from '../../world/id.ts';
import { Problem } from '../../world/problem.ts';
import type { AccountParts } from './account-parts.ts';
import { isBareDocument, nameOf, readBotBody, requireDocument } from './bot-body.ts';
import { accountCredentials } from './account-credentials.ts';
import { warningsOf } from './bot-document.ts';
import type { Resource, Write } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** bytes; a document may have thousands of interactions, a 50 MB export is refused unread */
export const documentLimit = 5 * 1024 * 1024;

export function bots(parts: AccountParts): Resource<Record<string, unknown>, BotRecord, BotSummaryRecord> {
  const { db, documents } = parts;
  return {
    path: '/bots',
    term: 'bot',
    bodyLimit: documentLimit,
    schemas: { input: BotBody, shown: Bot, page: BotPage },
    isBare: isBareDocument,
    changesAlone: true, // its warnings look at the account's credentials
    list: (account_id, page) => listBots(db, account_id, page),
    find: (account_id, id) => findBot(db, account_id, id),
    create: async (owner, body) => (await newBot(parts, owner, body)).write,
    async replace(key, body) {
      const before = await findBot(db, key.account_id, key.id);
      if (!before) throw new Problem('not_found', 'There is no such bot.');
      const credentials = await accountCredentials(db, key.account_id);
      const change = await readBotBody(body, { account_id: key.account_id, documents, credentials });
      const draft = change.read?.document ?? before.draft;
      const name = change.read ? nameOf(change, draft) : (change.name ?? before.name);
      const embed_origins = change.embed_origins ?? before.embed_origins;
      // Parts of the row that the body leaves out are kept as they were read: only while it is still that row.
      const versioned = { ...key, version: key.version ?? before.version };
      return (tx) => updateBot(tx, versioned, { name, draft, embed_origins, at: key.at });
    },
    remove: deleteBot,
    show: (row) => showBot(parts, row),
    showListed: (row) => showSummary(row, parts.config.publicUrl),
  };
}

/** A bot that is read and checked, ready to be stored, with what an import did to it. */
export async function newBot(
  { db, world, documents }: AccountParts,
  owner: { account_id: string; at: number },
  body: Record<string, unknown>,
): Promise<{ write: Write<BotRecord>; report: unknown }> {
  const credentials = await accountCredentials(db, owner.account_id);
  const change = await readBotBody(body, { account_id: owner.account_id, documents, credentials });
  const { document: draft, report } = requireDocument(change);
  const bot = { id: newId(world.random, 'bot'), ...owner, name: nameOf(change, draft), draft };
  return { write: (tx) => createBot(tx, { ...bot, embed_origins: change.embed_origins ?? [] }), report };
}

export async function showBot({ db, config, documents }: AccountParts, row: BotRecord): Promise<Bot> {
  const { draft, embed_origins } = row;
  const credentials = await accountCredentials(db, row.account_id);
  const warnings = await warningsOf(row, { documents, credentials });
  return { ...showSummary(row, config.publicUrl), document: draft, embed_origins, warnings };
}

function showSummary(row: BotSummaryRecord, publicUrl: string) {
  return {
    id: row.id,
    name: row.name,
    published_version: row.published,
    chat_url: `${publicUrl}/chat/${row.id}`,
    version: row.version,
    created_at: wireTime(row.created_at),
    updated_at: wireTime(row.updated_at),
  };
}
