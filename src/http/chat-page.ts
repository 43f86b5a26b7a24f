import { catalogueFor } from '../api/catalogue/catalogue.ts';
import { findPublishedBot } from '../store/bot-version.ts';
import type { Database } from '../store/database.ts';
import { Problem } from '../world/problem.ts';
import type { App } from './app.ts';
import { pagePolicy, renderShell } from './page-shell.ts';
import type { WebFiles } from './web-files.ts';

/** `GET /chat/{bot_id}`: the hosted chat. Never framed: a page around it could steal the tap on "Yes". */
export function chatPage(app: App, parts: { db: Database; web: WebFiles }): void {
  app.get<{ Params: { bot_id: string } }>(
    '/chat/:bot_id',
    { config: { surface: 'consumer' } },
    async (request, reply) => {
      const { bot_id } = request.params;
      const bot = /^[A-Za-z0-9_-]{1,128}$/.test(bot_id) ? await findPublishedBot(parts.db, bot_id) : undefined;
      if (!bot) throw new Problem('not_found', 'There is no such bot, or it is not published.');
      const locale = preferredLocale(request.headers['accept-language']);
      const assets = parts.web.entry('chat');
      return reply
        .headers({ 'content-security-policy': pagePolicy, 'referrer-policy': 'same-origin' })
        .type('text/html; charset=utf-8')
        .send(
          renderShell({
            title: bot.name,
            locale,
            assets,
            text: assets.scripts.length > 0 ? '' : catalogueFor(locale).missing.unbuilt,
            data: { 'bot-id': bot_id, 'bot-name': bot.name, locale },
          }),
        );
    },
  );
}

/** The first language that the browser asks for, as a plain tag. */
export function preferredLocale(header: string | undefined): string {
  return /^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\s*(?:[,;]|$)/.exec(header ?? '')?.[1] ?? 'en';
}
