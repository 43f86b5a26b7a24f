import type { Registry } from 'prom-client';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Database } from '../../store/database.ts';
import type { Vault } from '../../vault/vault.ts';
import type { World } from '../../world/world.ts';
import type { HttpConfig } from '../http-config.ts';
import type { RouteLimits } from '../rate-limits.ts';
import type { SessionGuard } from './session-guard.ts';

/** What the routes of the Consumer API work with. */
export interface ConsumerParts {
  runtime: Runtime;
  db: Database;
  vault: Pick<Vault, 'mac'>;
  world: World;
  config: HttpConfig;
  metrics: Registry;
  limits: RouteLimits;
  guard: SessionGuard;
  /** The exact origins of the bot, none for an unknown one. */
  embedOrigins(bot_id: string): Promise<readonly string[]>;
}
