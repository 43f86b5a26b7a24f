import { AccountParams, ResourceParams } from '../../api/account.ts';
import { Done, documented, NoBody, NoQuery, PageQuery } from '../../api/common.ts';
import { ConnectionReportPage } from '../../api/conversation-report.ts';
import {
  type ConnectionReportRow,
  countConnections,
  countRevocations,
  findConnectionReport,
  listConnections,
} from '../../store/connection-report.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { audited, pageOf, type ResourceParts, routeOptions } from './resource.ts';
import { wireTime } from './wire-time.ts';

const url = '/v1/accounts/:account_id/connections';

/** Counts and metadata of what consumers have permitted; an account can end a permission, never see it. */
export function connectionRoutes(app: App, { db, delegation }: AccountParts, common: ResourceParts): void {
  const options = routeOptions(common);
  app.get(
    url,
    {
      ...options,
      schema: {
        tags: ['account'],
        summary: 'List: connections, and their counts by status',
        params: AccountParams,
        querystring: PageQuery,
        response: { 200: documented(ConnectionReportPage) },
      },
    },
    async (request) => {
      const { account_id } = request.params;
      const { items, next } = await listConnections(db, account_id, pageOf(request.query));
      const counts = await countConnections(db, account_id);
      return { items: items.map(showConnection), next, counts, revocations: await countRevocations(db, account_id) };
    },
  );
  app.delete(
    `${url}/:id`,
    {
      ...options,
      schema: {
        tags: ['account'],
        summary: 'Revoke a connection',
        params: ResourceParams,
        querystring: NoQuery,
        body: NoBody,
        response: { 204: documented(Done) },
      },
    },
    async (request, reply) => {
      const { account_id, id } = request.params;
      const connection = await findConnectionReport(db, account_id, id);
      if (!connection) throw noSuchConnection();
      await audited(common, request, {
        account_id,
        at: common.clock.now(),
        action: 'connection.revoked',
        work: async (tx) => {
          const one = { connection_id: id, actor: common.guard.actor(request) };
          const ended = await delegation.end(tx, connection.conversation_id, one);
          if (ended === 0) throw noSuchConnection();
          return { id };
        },
      });
      return reply.code(204).send();
    },
  );
}

const noSuchConnection = () => new Problem('not_found', 'There is no such open connection.');

function showConnection(row: ConnectionReportRow) {
  return {
    id: row.id,
    credential_id: row.credential_id,
    conversation_id: row.conversation_id,
    status: row.status,
    scopes: row.scope.split(' ').filter((scope) => scope !== ''),
    since: wireTime(row.created_at),
    last_used: row.last_used === null ? null : wireTime(row.last_used),
    revocation: row.revocation,
  };
}
