import { Account, AccountCreated, AccountInput, AccountParams } from '../../api/account.ts';
import { documented, NoQuery } from '../../api/common.ts';
import { createAccount, findAccount } from '../../store/account.ts';
import { createApiKey } from '../../store/api-key.ts';
import { newId, randomText } from '../../world/id.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { audited, type ResourceParts, routeOptions } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** `POST /v1/accounts` with the instance's own key, and what an account may know of itself. */
export function accountRoute(app: App, parts: AccountParts, common: ResourceParts): void {
  const { db, vault, world } = parts;
  app.post(
    '/v1/accounts',
    {
      config: { surface: 'account', rateLimit: common.limit },
      onRequest: common.guard.checkAdmin,
      schema: {
        tags: ['account'],
        summary: 'Create an account and its first API key',
        querystring: NoQuery,
        body: AccountInput,
        response: { 201: documented(AccountCreated) },
      },
    },
    async (request, reply) => {
      const at = world.clock.now();
      const { name } = request.body;
      const id = newId(world.random, 'acc');
      const api_key = `errand_${randomText(world.random, 32)}`;
      const hash = vault.mac('api_key', api_key);
      await audited(common, request, {
        account_id: id,
        at,
        action: 'account.created',
        work: async (tx) => {
          const account = await createAccount(tx, { id, name, at });
          await createApiKey(tx, { id: newId(world.random, 'key'), account_id: id, hash, name: 'first key', at });
          return account;
        },
      });
      return reply.code(201).send({ id, name, api_key, created_at: wireTime(at) });
    },
  );
  app.get(
    '/v1/accounts/:account_id',
    {
      ...routeOptions(common),
      schema: {
        tags: ['account'],
        summary: 'Read: account',
        params: AccountParams,
        querystring: NoQuery,
        response: { 200: documented(Account) },
      },
    },
    async (request) => {
      const account = await findAccount(db, request.params.account_id);
      if (!account) throw new Problem('not_found', 'There is no such account.');
      return { id: account.id, name: account.name, created_at: wireTime(account.created_at) };
    },
  );
}
