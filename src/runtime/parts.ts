import type { Bus } from '../bus/bus.ts';
import type { Delegation } from '../delegation/delegation.ts';
import type { Egress } from '../egress/egress.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../store/database.ts';
import type { Vault } from '../vault/vault.ts';
import type { World } from '../world/world.ts';
import type { Bots } from './bots.ts';
import type { Live } from './live.ts';
import type { StandIn } from './stand-in.ts';

/** Everything a turn is run with. */
export interface RuntimeParts {
  world: World;
  db: Database;
  vault: Vault;
  egress: Egress;
  sandbox: Sandbox;
  bus: Bus;
  delegation: Delegation;
  /** Turns at once; more are refused with `unavailable`: overload makes answers fewer, not wrong (I9). Default 2,000. */
  turns_at_most?: number;
  /** Of a rehearsed conversation. */
  stand_in?: StandIn;
}

/** The parts as the files of this room see them. */
export interface Rooms extends RuntimeParts {
  bots: Bots;
  live: Live;
}

/** A worker that was paused longer than this has lost its conversation (I3). Kept by `lease.ts` while it works. ms. */
export const leaseLength = 10_000;
