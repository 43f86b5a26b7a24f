import { botJsonSchema } from '../bot/json-schema.ts';
import type { App } from './app.ts';

/** The JSON Schema of bot documents, for editors and for whoever writes bots by program. */
export function botSchemaRoute(app: App): void {
  const schema = botJsonSchema();
  app.get(
    '/schemas/bot.json',
    { config: { surface: 'account' }, schema: { tags: ['operations'], security: [] } },
    async (_request, reply) => reply.type('application/schema+json').send(schema),
  );
}
