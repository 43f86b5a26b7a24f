import { AccountParams } from '../../api/account.ts';
import { AuditPage, AuditVerdict } from '../../api/audit.ts';
import { documented, NoQuery, PageQuery } from '../../api/common.ts';
import { type AuditRecord, listAudit, verifyAudit } from '../../store/audit.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { pageOf, type ResourceParts, routeOptions } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** The account's audit, newest first, and whether its chain holds. There is no way to change it. */
export function auditRoutes(app: App, { db }: AccountParts, common: ResourceParts): void {
  const options = routeOptions(common);
  app.get(
    '/v1/accounts/:account_id/audit',
    {
      ...options,
      schema: {
        tags: ['account'],
        summary: 'List: audit, newest first',
        params: AccountParams,
        querystring: PageQuery,
        response: { 200: documented(AuditPage) },
      },
    },
    async (request) => {
      const { items, next } = await listAudit(db, request.params.account_id, pageOf(request.query));
      return { items: items.map(showEntry), next };
    },
  );
  app.get(
    '/v1/accounts/:account_id/audit/verify',
    {
      ...options,
      schema: {
        tags: ['account'],
        summary: 'Walk the chain of hashes',
        params: AccountParams,
        querystring: NoQuery,
        response: { 200: documented(AuditVerdict) },
      },
    },
    async (request) => verifyAudit(db, request.params.account_id),
  );
}

function showEntry({ account_id: _account, at, ...entry }: AuditRecord) {
  return { ...entry, at: wireTime(at) };
}
