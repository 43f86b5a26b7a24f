import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../store/database.ts';
import { openedWith } from '../../store/published-bots.ts';
import type { App } from '../app.ts';

/** LivePerson's Web View API: its key says nothing about a page's origin, so any page may call it, without credentials. */
export const webViewPath = '/thirdparty-services-0.1/webview';

const shared = {
  credentials: false,
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'last-event-id'],
  exposedHeaders: ['retry-after', 'x-request-id'],
  maxAge: 600,
  strictPreflight: false,
};

/**
 * Lets the pages of a bot's `embed_origins`, and no others, call the Consumer API from a browser; never with
 * credentials, so a cookie of ours never counts there (XS-12).
 */
export async function allowEmbedOrigins(
  app: App,
  parts: { db: Database; embedOrigins(bot_id: string): Promise<readonly string[]> },
): Promise<void> {
  await app.register(cors, {
    delegator: async (request: FastifyRequest): Promise<FastifyCorsOptions> => {
      const { origin } = request.headers;
      if (origin === undefined) return { ...shared, origin: false };
      if (request.url.split('?')[0] === webViewPath) return { ...shared, methods: ['POST'], origin: '*' };
      const botId = await botOf(request, parts.db);
      const allowed = botId !== undefined && (await parts.embedOrigins(botId)).includes(origin);
      return { ...shared, origin: allowed ? origin : false };
    },
  });
}

async function botOf(request: FastifyRequest, db: Database): Promise<string | undefined> {
  const [, kind, id] =
    /^\/v1\/(bots|conversations)\/([A-Za-z0-9_-]{1,128})(?:\/|$)/.exec(request.url.split('?')[0] ?? '') ?? [];
  if (id === undefined) return undefined;
  // Also when another bot has the conversation by now: the page is still that of the bot it was opened with.
  return kind === 'bots' ? id : await openedWith(db, id);
}
