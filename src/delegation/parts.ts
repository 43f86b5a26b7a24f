import type { Bus } from '../bus/bus.ts';
import type { Egress } from '../egress/egress.ts';
import { holdConversation } from '../store/attempt.ts';
import type { Database, Transaction } from '../store/database.ts';
import type { Vault } from '../vault/vault.ts';
import type { World } from '../world/world.ts';
import type { Providers } from './provider.ts';

/** What the consumer's permission is worked with. */
export interface DelegationParts {
  db: Database;
  vault: Vault;
  egress: Egress;
  world: World;
  bus: Bus;
  /** How browsers reach this server, without a slash at its end. */
  publicUrl: string;
}

/** The parts as the files of this room see them. */
export interface Parts extends DelegationParts {
  providers: Providers;
}

/** Wakes the conversation's listeners and its next turn. Only after the commit: a lost wake-up costs time, not truth. */
export function wake(parts: Pick<Parts, 'bus'>, conversationId: string): void {
  parts.bus.publish(`conversation.${conversationId}`, 'events');
  parts.bus.publish('work', conversationId);
}

export function pause(parts: Pick<Parts, 'world'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    parts.world.clock.alarm(ms, resolve);
  });
}

/** A transaction that moves an attempt and tells its conversation. */
export function inConversation<T>(
  parts: Pick<Parts, 'db'>,
  conversationId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return parts.db.write(async (tx) => {
    await holdConversation(tx, conversationId);
    return await work(tx);
  });
}
