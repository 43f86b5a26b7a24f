import { Done, documented, NoBody, NoQuery } from '../../api/common.ts';
import { ConnectionsOfMine, ConversationParams, MyConnectionParams } from '../../api/conversation.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';

/** What the bot may do for me, and its end. */
export function myConnectionsRoutes(app: App, { runtime, guard, limits }: ConsumerParts): void {
  const common = { config: { surface: 'consumer', rateLimit: limits.consumer }, onRequest: guard.check } as const;
  app.get(
    '/v1/conversations/:id/connections',
    {
      ...common,
      schema: {
        tags: ['conversations'],
        summary: 'What the bot may do for me',
        params: ConversationParams,
        querystring: NoQuery,
        response: { 200: ConnectionsOfMine },
      },
    },
    async (request) => ({ connections: await runtime.connections(guard.of(request)) }),
  );
  app.delete(
    '/v1/conversations/:id/connections/:connection_id',
    {
      ...common,
      schema: {
        tags: ['conversations'],
        summary: 'End it',
        params: MyConnectionParams,
        querystring: NoQuery,
        body: NoBody,
        response: { 204: documented(Done) },
      },
    },
    async (request, reply) => {
      await runtime.endConnection(guard.of(request), request.params.connection_id);
      return reply.code(204).send();
    },
  );
}
