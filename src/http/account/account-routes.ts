import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { createAccountGuard } from './account-guard.ts';
import { accountRoute } from './accounts.ts';
import { auditRoutes } from './audit.ts';
import { botImportRoute } from './bot-import.ts';
import { botVersionRoutes } from './bot-versions.ts';
import { bots } from './bots.ts';
import { connectionRoutes } from './connections.ts';
import { conversationRoutes } from './conversations.ts';
import { credentials } from './credentials.ts';
import { createDocumentReader } from './document-reader.ts';
import { environments } from './environments.ts';
import { identityProviders } from './identity-providers.ts';
import { integrationRoutes } from './integrations.ts';
import { peopleRoutes } from './people.ts';
import { recordedScriptRoute } from './recorded-script.ts';
import { resourceRoutes } from './resource.ts';

/** The Account API: everything a bot needs, set up over HTTP alone. */
export async function accountRoutes(app: App, given: Omit<AccountParts, 'documents'>): Promise<void> {
  const documents = createDocumentReader();
  app.addHook('onClose', () => documents.close());
  const parts: AccountParts = { ...given, documents };
  const common = {
    db: parts.db,
    clock: parts.world.clock,
    guard: createAccountGuard(parts),
    limit: parts.limits.account,
  };
  accountRoute(app, parts, common);
  resourceRoutes(app, common, identityProviders(parts));
  resourceRoutes(app, common, credentials(parts));
  resourceRoutes(app, common, environments(parts));
  resourceRoutes(app, common, bots(parts));
  integrationRoutes(app, parts, common);
  botImportRoute(app, parts, common);
  botVersionRoutes(app, parts, common);
  conversationRoutes(app, parts, common);
  peopleRoutes(app, parts, common);
  recordedScriptRoute(app, parts, common);
  connectionRoutes(app, parts, common);
  auditRoutes(app, parts, common);
}
