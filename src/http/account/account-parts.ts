import type { Delegation } from '../../delegation/delegation.ts';
import type { Providers } from '../../delegation/provider.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Database } from '../../store/database.ts';
import type { Vault } from '../../vault/vault.ts';
import type { World } from '../../world/world.ts';
import type { HttpConfig } from '../http-config.ts';
import type { RouteLimits } from '../rate-limits.ts';
import type { DocumentReader } from './document-reader.ts';

/** What the routes of the Account API work with. */
export interface AccountParts {
  db: Database;
  vault: Vault;
  world: World;
  config: HttpConfig;
  delegation: Delegation;
  providers: Pick<Providers, 'resolve'>;
  runtime: Runtime;
  limits: RouteLimits;
  documents: DocumentReader;
}
