import { ResourceParams } from '../../api/account.ts';
import { BotVersion, BotVersionPage, RollbackInput, VersionParams } from '../../api/bot.ts';
import { documented, NoBody, NoQuery, PageQuery } from '../../api/common.ts';
import { type BotRecord, findBot } from '../../store/bot.ts';
import {
  type BotVersionSummary,
  findBotVersion,
  listBotVersions,
  publishBot,
  rollbackBot,
} from '../../store/bot-version.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { accountCredentials } from './account-credentials.ts';
import { refuseErrors } from './bot-document.ts';
import { expectedVersion } from './entity-tag.ts';
import { audited, pageOf, type ResourceParts, routeOptions } from './resource.ts';
import { wireTime } from './wire-time.ts';

const url = '/v1/accounts/:account_id/bots/:id';

/** Immutable versions: publish freezes the draft, rollback publishes an earlier one again. */
export function botVersionRoutes(app: App, parts: AccountParts, common: ResourceParts): void {
  readRoutes(app, parts, common);
  publishRoute(app, parts, common);
  rollbackRoute(app, parts, common);
}

function readRoutes(app: App, { db }: AccountParts, common: ResourceParts): void {
  app.get(
    `${url}/versions`,
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'List: versions of a bot, newest first',
        params: ResourceParams,
        querystring: PageQuery,
        response: { 200: documented(BotVersionPage) },
      },
    },
    async (request) => {
      const bot = await ownBot(db, request.params);
      const { items, next } = await listBotVersions(db, request.params, pageOf(request.query));
      return { items: items.map((version) => showVersion(version, bot.published)), next };
    },
  );
  app.get(
    `${url}/versions/:number`,
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'Read: version of a bot',
        params: VersionParams,
        querystring: NoQuery,
        response: { 200: documented(BotVersion) },
      },
    },
    async (request) => {
      const bot = await ownBot(db, request.params);
      const { number } = request.params;
      const version = /^[1-9]\d{0,8}$/.test(number) ? await findBotVersion(db, bot.id, Number(number)) : undefined;
      if (!version) throw new Problem('not_found', 'The bot has no such version.');
      return { ...showVersion(version, bot.published), document: version.document };
    },
  );
}

function publishRoute(app: App, { db, documents }: AccountParts, common: ResourceParts): void {
  app.post(
    `${url}/publish`,
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'Publish the draft as a new version: new conversations use it',
        params: ResourceParams,
        querystring: NoQuery,
        body: NoBody,
        response: { 201: documented(BotVersion) },
      },
    },
    async (request, reply) => {
      const bot = await ownBot(db, request.params);
      const credentials = await accountCredentials(db, bot.account_id);
      await refuseErrors(bot.draft, { account_id: bot.account_id, documents, credentials });
      const key = { ...request.params, version: expectedVersion(request).version ?? bot.version };
      const at = common.clock.now();
      const version = await audited(common, request, {
        account_id: key.account_id,
        at,
        action: 'bot.published',
        work: async (tx) => ({ ...(await publishBot(tx, key, at)), id: key.id }),
        details: ({ number }) => ({ number }),
      });
      return reply.code(201).send(showVersion(version, version.number));
    },
  );
}

function rollbackRoute(app: App, { db }: AccountParts, common: ResourceParts): void {
  app.post(
    `${url}/rollback`,
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'Publish an earlier version again; without one, the version before',
        params: ResourceParams,
        querystring: NoQuery,
        body: RollbackInput,
        response: { 201: documented(BotVersion) },
      },
    },
    async (request, reply) => {
      const bot = await ownBot(db, request.params);
      const number = request.body?.version ?? (bot.published ?? 0) - 1;
      const version = number > 0 ? await findBotVersion(db, bot.id, number) : undefined;
      if (!version) throw new Problem('not_found', 'The bot has no such version.');
      const key = { ...request.params, version: expectedVersion(request).version ?? bot.version };
      const at = common.clock.now();
      await audited(common, request, {
        account_id: key.account_id,
        at,
        action: 'bot.rolled_back',
        work: async (tx) => {
          await rollbackBot(tx, key, { number, at });
          return { id: key.id };
        },
        details: () => ({ number }),
      });
      return reply.code(201).send(showVersion(version, number));
    },
  );
}

async function ownBot(
  db: AccountParts['db'],
  { account_id, id }: { account_id: string; id: string },
): Promise<BotRecord> {
  const bot = await findBot(db, account_id, id);
  if (!bot) throw new Problem('not_found', 'There is no such bot.');
  return bot;
}

function showVersion(version: BotVersionSummary, published: number | null): BotVersion {
  const { bot_id, number } = version;
  return {
    id: String(number),
    bot_id,
    number,
    published: number === published,
    created_at: wireTime(version.created_at),
  };
}
