import { Done, documented, NoBody, NoQuery } from '../../api/common.ts';
import { AttemptParams, ConversationParams } from '../../api/conversation.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';

/** Close, and the two things a consumer can do with a sign-in from the chat. All answer 204; the stream tells the rest. */
export function conversationEndRoutes(app: App, { runtime, guard, limits }: ConsumerParts): void {
  const common = { config: { surface: 'consumer', rateLimit: limits.consumer }, onRequest: guard.check } as const;
  const schema = { tags: ['conversations'], querystring: NoQuery, body: NoBody, response: { 204: documented(Done) } };
  app.post(
    '/v1/conversations/:id/close',
    { ...common, schema: { ...schema, summary: 'Close: tokens are erased and revoked', params: ConversationParams } },
    async (request, reply) => {
      await runtime.close(guard.of(request));
      return reply.code(204).send();
    },
  );
  app.post(
    '/v1/conversations/:id/sign-ins/:attempt_id/cancel',
    { ...common, schema: { ...schema, summary: 'End a pending sign-in', params: AttemptParams } },
    async (request, reply) => {
      await runtime.cancelSignIn(guard.of(request), request.params.attempt_id);
      return reply.code(204).send();
    },
  );
  app.post(
    '/v1/conversations/:id/sign-ins/:attempt_id/renew',
    { ...common, schema: { ...schema, summary: 'A fresh link for an expired sign-in', params: AttemptParams } },
    async (request, reply) => {
      await runtime.renewSignIn(guard.of(request), request.params.attempt_id);
      return reply.code(204).send();
    },
  );
}
