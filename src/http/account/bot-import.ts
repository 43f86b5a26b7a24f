import { AccountParams } from '../../api/account.ts';
import { AnyDocument, ImportedBot } from '../../api/bot.ts';
import { documented, NoQuery } from '../../api/common.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { documentLimit, newBot, showBot } from './bots.ts';
import { setEntityTag } from './entity-tag.ts';
import { audited, type ResourceParts, routeOptions } from './resource.ts';

/** `POST /bots/import`: a LivePerson export becomes a bot, with a report of what was mapped, approximated and ignored. */
export function botImportRoute(app: App, parts: AccountParts, common: ResourceParts): void {
  app.post(
    '/v1/accounts/:account_id/bots/import',
    {
      ...routeOptions(common),
      bodyLimit: documentLimit,
      schema: {
        tags: ['account'],
        summary: 'Import a LivePerson export',
        params: AccountParams,
        querystring: NoQuery,
        body: AnyDocument,
        response: { 201: documented(ImportedBot) },
      },
    },
    async (request, reply) => {
      const owner = { account_id: request.params.account_id, at: common.clock.now() };
      const work = await newBot(parts, owner, request.body);
      const row = await audited(common, request, { ...owner, action: 'bot.imported', work });
      setEntityTag(reply, row.version);
      const { report = null, ...bot } = await showBot(parts, row);
      return reply.code(201).send({ bot, report });
    },
  );
}
