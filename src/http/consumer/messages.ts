import { NoQuery } from '../../api/common.ts';
import { ConsumerMessage, ConversationParams, MessageAccepted } from '../../api/conversation.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';

/** `POST /v1/conversations/{id}/messages`: durable when it is answered (I1). */
export function messagesRoute(app: App, { runtime, guard, limits }: ConsumerParts): void {
  app.post(
    '/v1/conversations/:id/messages',
    {
      config: { surface: 'consumer', rateLimit: limits.messages },
      onRequest: guard.checkSpeaker,
      schema: {
        tags: ['conversations'],
        summary: 'Say something',
        params: ConversationParams,
        querystring: NoQuery,
        body: ConsumerMessage,
        response: { 202: MessageAccepted },
      },
    },
    async (request, reply) => reply.code(202).send(await runtime.accept(guard.of(request), request.body)),
  );
}
