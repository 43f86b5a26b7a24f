import cookie from '@fastify/cookie';
import { BotParams, ConversationOpened, ConversationStart } from '../../api/conversation.ts';
import { NoQuery } from '../../api/common.ts';
import type { App } from '../app.ts';
import { browserCookieName, browserSecret } from './browser-cookie.ts';
import type { ConsumerParts } from './consumer-parts.ts';
import { refuseSignIn } from './signed-in.ts';

/** `POST /v1/bots/{bot_id}/conversations` */
export async function openConversationRoute(app: App, parts: ConsumerParts): Promise<void> {
  await app.register(cookie);
  app.post(
    '/v1/bots/:bot_id/conversations',
    {
      config: { surface: 'consumer', rateLimit: parts.limits.conversations },
      schema: {
        tags: ['conversations'],
        summary: 'Open a conversation',
        security: [],
        params: BotParams,
        querystring: NoQuery,
        body: ConversationStart,
        response: { 201: ConversationOpened },
      },
    },
    async (request, reply) => {
      const start = request.body ?? {};
      if (start.sign_in !== undefined) refuseSignIn('leave the field out');
      const { publicUrl } = parts.config;
      const browser = browserSecret(request, { publicUrl, vault: parts.vault, random: parts.world.random });
      const opened = await parts.runtime.open({
        bot_id: request.params.bot_id,
        channel: start.channel ?? 'web',
        ...(start.locale === undefined ? {} : { locale: start.locale }),
        ...(browser === undefined ? {} : { browser }),
      });
      if (browser !== undefined) {
        const secure = publicUrl.startsWith('https:');
        reply.setCookie(browserCookieName(publicUrl), browser, { httpOnly: true, sameSite: 'lax', path: '/', secure });
      }
      return reply.code(201).send(opened);
    },
  );
}
