import { ResourceParams } from '../../api/account.ts';
import { documented, NoQuery } from '../../api/common.ts';
import { ConversationScript } from '../../api/conversation-script.ts';
import type { BotDocument } from '../../bot/document.ts';
import { maskHandles } from '../../delegation/handles.ts';
import { credentialOf } from '../../runtime/credential-of.ts';
import { botsOf } from '../../runtime/recorded-bots.ts';
import { recordedScript } from '../../runtime/recorded-script.ts';
import { findBotVersion } from '../../store/bot-version.ts';
import { findConversationReport } from '../../store/conversation-report.ts';
import type { Database } from '../../store/database.ts';
import { findEnvironmentByName } from '../../store/environment.ts';
import { readEvents } from '../../store/event.ts';
import { readTrace } from '../../store/trace.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { type ResourceParts, routeOptions } from './resource.ts';

/** Of a conversation: a script of more would help nobody. */
const most = 5_000;

/** A conversation as a script that `errand test` plays again: to turn what went wrong into a test. */
export function recordedScriptRoute(app: App, parts: AccountParts, common: ResourceParts): void {
  app.get(
    '/v1/accounts/:account_id/conversations/:id/script',
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'A conversation as a script for errand test',
        params: ResourceParams,
        querystring: NoQuery,
        response: { 200: documented(ConversationScript) },
      },
    },
    async (request) => await scriptOf(parts, request.params),
  );
}

async function scriptOf(
  { db, delegation }: AccountParts,
  { account_id, id }: { account_id: string; id: string },
): Promise<ConversationScript> {
  const row = await findConversationReport(db, account_id, id);
  if (!row) throw new Problem('not_found', 'There is no such conversation.');
  const range = { conversation_id: id, after: 0, limit: most };
  const [events, trace] = [await readEvents(db, range), await readTrace(db, range)];
  const { channel, locale, bot_id, bot_version } = row;
  const [first = { id: bot_id, version: bot_version }, ...others] = botsOf(trace);
  const document = await documentOf(db, first);
  if (!document) throw new Problem('not_found', 'There is no such conversation.');
  const besides = (await Promise.all(others.map((one) => documentOf(db, one)))).filter((one) => one !== undefined);
  const environments = await Promise.all([...besides, document].map((one) => variablesOf(db, account_id, one)));
  const script = recordedScript({
    document,
    others: besides,
    // A script has one: where several bots name the same variable, that of the first bot counts.
    environment: Object.assign({}, ...environments),
    channel,
    locale,
    events,
    trace,
    own_credentials: await ownCredentials({ db, delegation }, account_id, [document, ...besides]),
    ids: [id, row.consumer_id],
  });
  // Consumers type what they like; a handle has no character that JSON escapes.
  return JSON.parse(maskHandles(JSON.stringify(script)));
}

/** Those that calls of these bots find, by the names that the documents have for them. */
async function ownCredentials(
  rooms: Pick<AccountParts, 'db' | 'delegation'>,
  account_id: string,
  documents: readonly BotDocument[],
): Promise<string[]> {
  const all = documents.flatMap(({ integrations }) =>
    integrations.filter(({ credential }) => credential !== undefined),
  );
  const different = new Map(all.map((integration) => [`${integration.type} ${integration.credential}`, integration]));
  const found = await Promise.all(
    [...different.values()].map(async (integration) => {
      const credential = await credentialOf({ rooms, conversation: { account_id } }, integration);
      return 'own' in credential ? integration.credential : undefined;
    }),
  );
  return [...new Set(found.filter((name) => name !== undefined))];
}

async function documentOf(
  db: Database,
  { id, version }: { id: string; version: number },
): Promise<BotDocument | undefined> {
  return (await findBotVersion(db, id, version))?.document;
}

async function variablesOf(
  db: Database,
  account_id: string,
  { environment: named }: BotDocument,
): Promise<Record<string, string>> {
  const found = named === undefined ? undefined : await findEnvironmentByName(db, account_id, named);
  return found?.variables ?? {};
}
