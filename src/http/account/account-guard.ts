import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findAccount } from '../../store/account.ts';
import { findApiKey } from '../../store/api-key.ts';
import type { Database } from '../../store/database.ts';
import type { Vault } from '../../vault/vault.ts';
import { Problem } from '../../world/problem.ts';
import { bearerToken } from '../bearer.ts';
import type { HttpConfig } from '../http-config.ts';

export interface AccountGuard {
  /** Before the body is read: a key of the account in the path, or the instance's own. */
  check(request: FastifyRequest): Promise<void>;
  /** The instance's own key and no other. */
  checkAdmin(request: FastifyRequest): Promise<void>;
  /** Who acts, as the audit names it. */
  actor(request: FastifyRequest): string;
}

export function createAccountGuard(parts: { db: Database; vault: Vault; config: HttpConfig }): AccountGuard {
  const actors = new WeakMap<FastifyRequest, string>();

  function isAdmin(token: string): boolean {
    const { adminKey } = parts.config;
    if (adminKey === undefined || adminKey.reveal() === '') return false;
    return sameText(parts.vault.mac('api_key', token), parts.vault.mac('api_key', adminKey.reveal()));
  }

  return {
    async check(request) {
      refuseOtherSites(request);
      const token = bearerToken(request);
      const account_id = accountOf(request);
      if (isAdmin(token)) {
        if (!(await findAccount(parts.db, account_id))) throw noSuchAccount();
        actors.set(request, 'admin');
        return;
      }
      const key = await findApiKey(parts.db, parts.vault.mac('api_key', token));
      if (!key) throw new Problem('unauthorized', 'This is no valid API key.');
      // Whether another account exists is not for this key to learn.
      if (key.account_id !== account_id) throw noSuchAccount();
      actors.set(request, `key:${key.id}`);
    },
    async checkAdmin(request) {
      refuseOtherSites(request);
      const token = bearerToken(request);
      if (!isAdmin(token)) {
        const isOthers = (await findApiKey(parts.db, parts.vault.mac('api_key', token))) !== undefined;
        throw new Problem(isOthers ? 'forbidden' : 'unauthorized', "This needs the instance's own key.");
      }
      actors.set(request, 'admin');
    },
    actor(request) {
      const actor = actors.get(request);
      if (actor === undefined) throw new Problem('unauthorized', 'Nobody was found to act.');
      return actor;
    },
  };
}

/** A page of another site has no business here, whatever key it was given (XS-10). Programs do not send the header. */
function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') {
    throw new Problem('forbidden', 'The Account API does not take requests from pages of other sites.');
  }
}

function accountOf({ params }: FastifyRequest): string {
  const id = typeof params === 'object' && params !== null ? Reflect.get(params, 'account_id') : undefined;
  if (typeof id !== 'string' || id === '') throw noSuchAccount(); // nothing may mean "any" (TN-03)
  return id;
}

const noSuchAccount = () => new Problem('not_found', 'There is no such account.');

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
