import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';
import { conversationEndRoutes } from './conversation-end.ts';
import { allowEmbedOrigins } from './cross-origin.ts';
import { eventsRoute } from './events.ts';
import { filesRoute } from './files.ts';
import { messagesRoute } from './messages.ts';
import { myConnectionsRoutes } from './my-connections.ts';
import { openConversationRoute } from './open-conversation.ts';
import { signInRenewalRoute } from './signed-in.ts';

/** The Consumer API. */
export async function consumerRoutes(app: App, parts: ConsumerParts): Promise<void> {
  await allowEmbedOrigins(app, parts);
  await openConversationRoute(app, parts);
  messagesRoute(app, parts);
  await filesRoute(app, parts);
  eventsRoute(app, parts);
  conversationEndRoutes(app, parts);
  signInRenewalRoute(app, parts);
  myConnectionsRoutes(app, parts);
}
