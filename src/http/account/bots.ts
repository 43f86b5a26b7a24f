import { Bot, BotBody, BotPage } from '../../api/bot.ts';
import type { ImportReport } from '../../bot/import/import-liveperson.ts';
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
import { type ReadDocument, warningsOf } from './bot-document.ts';
import type { Resource, Write } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** bytes; a document may have thousands of interactions, a 50 MB export is refused unread */
export const documentLimit = 5 * 1024 * 1024;

/** A bot as it is stored, with what an import did to it where it has just come from one. */
type BotRow = BotRecord & { report?: ImportReport };

export function bots(parts: AccountParts): Resource<Record<string, unknown>, BotRow, BotSummaryRecord> {
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
    create: (owner, body) => newBot(parts, owner, body),
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
      const changes = { name, draft, embed_origins, at: key.at };
      return async (tx) => ({ ...(await updateBot(tx, versioned, changes)), ...reportIn(change.read) });
    },
    remove: deleteBot,
    show: (row) => showBot(parts, row),
    showListed: (row) => showSummary(row, parts.config.publicUrl),
  };
}

/** A bot that is read and checked, ready to be stored. */
export async function newBot(
  { db, world, documents }: AccountParts,
  owner: { account_id: string; at: number },
  body: Record<string, unknown>,
): Promise<Write<BotRow>> {
  const credentials = await accountCredentials(db, owner.account_id);
  const change = await readBotBody(body, { account_id: owner.account_id, documents, credentials });
  const read = requireDocument(change);
  const draft = read.document;
  const bot = { id: newId(world.random, 'bot'), ...owner, name: nameOf(change, draft), draft };
  const embed_origins = change.embed_origins ?? [];
  return async (tx) => ({ ...(await createBot(tx, { ...bot, embed_origins })), ...reportIn(read) });
}

const reportIn = (read: ReadDocument | undefined): Pick<BotRow, 'report'> =>
  read?.report ? { report: read.report } : {};

export async function showBot({ db, config, documents }: AccountParts, row: BotRow): Promise<Bot> {
  const { draft, embed_origins, report } = row;
  const credentials = await accountCredentials(db, row.account_id);
  const warnings = await warningsOf(row, { documents, credentials });
  return { ...showSummary(row, config.publicUrl), document: draft, embed_origins, warnings, ...(report && { report }) };
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
