import { AccountParams, ResourceParams } from '../../api/account.ts';
import { documented, NoQuery } from '../../api/common.ts';
import { ImportedIntegration, IntegrationImport, IntegrationTrial, IntegrationTried } from '../../api/integration.ts';
import { findBot } from '../../store/bot.ts';
import { appendAudit } from '../../store/audit.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { documentLimit } from './bots.ts';
import { importIntegration } from './integration-import.ts';
import { isTrialConfirmed, readTrial, showTrial } from './integration-trial.ts';
import { audited, type ResourceParts, routeOptions } from './resource.ts';

const account = '/v1/accounts/:account_id';

/** Integrations beside a bot's document: made from what an author has at hand, and tried out. */
export function integrationRoutes(app: App, parts: AccountParts, common: ResourceParts): void {
  importRoute(app, parts, common);
  trialRoutes(app, parts, common);
}

function importRoute(app: App, parts: AccountParts, common: ResourceParts): void {
  app.post(
    `${account}/integrations/import`,
    {
      ...routeOptions(common),
      bodyLimit: documentLimit,
      schema: {
        tags: ['account'],
        summary: 'Make an integration from a cURL command or an OpenAPI operation',
        params: AccountParams,
        querystring: NoQuery,
        body: IntegrationImport,
        response: { 200: documented(ImportedIntegration), 201: documented(ImportedIntegration) },
      },
    },
    async (request, reply) => {
      const owner = { account_id: request.params.account_id, at: common.clock.now() };
      const { write: work, ...made } = await importIntegration(parts, owner, request.body);
      if (!work) return made;
      const { id, name, type } = await audited(common, request, { ...owner, action: 'credential.created', work });
      return await reply.code(201).send({ ...made, credential: { id, name, type } });
    },
  );
}

function trialRoutes(app: App, parts: AccountParts, common: ResourceParts): void {
  const options = routeOptions(common);
  const shared = {
    ...options,
    config: { ...options.config, rateLimit: parts.limits.trials },
    bodyLimit: documentLimit,
  };
  const schema = {
    tags: ['account'],
    querystring: NoQuery,
    body: IntegrationTrial,
    response: { 200: documented(IntegrationTried) },
  };
  const run = async (
    request: Parameters<ResourceParts['guard']['actor']>[0],
    given: { account_id: string; bot_id?: string; body: IntegrationTrial },
  ) => {
    const { account_id, bot_id, body } = given;
    const bot = bot_id === undefined ? undefined : await findBot(parts.db, account_id, bot_id);
    if (bot_id !== undefined && !bot) throw new Problem('not_found', 'There is no such bot.');
    const trial = await readTrial(parts.db, { account_id, body, ...(bot ? { bot } : {}) });
    isTrialConfirmed(trial.integration, body);
    const tried = await parts.runtime.tryIntegration(trial);
    const { name, method } = trial.integration;
    await parts.db.write((tx) =>
      appendAudit(tx, {
        account_id,
        at: common.clock.now(),
        actor: common.guard.actor(request),
        action: 'integration.tried',
        subject: bot_id ?? account_id,
        details: { name, method, outcome: tried.outcome },
      }),
    );
    return showTrial(tried);
  };
  app.post(
    `${account}/integrations/test`,
    { ...shared, schema: { ...schema, summary: 'Try an integration', params: AccountParams } },
    (request) => run(request, { account_id: request.params.account_id, body: request.body }),
  );
  app.post(
    `${account}/bots/:id/integrations/test`,
    { ...shared, schema: { ...schema, summary: "Try an integration of a bot's draft", params: ResourceParams } },
    (request) => {
      const { account_id, id: bot_id } = request.params;
      return run(request, { account_id, bot_id, body: request.body });
    },
  );
}
