import { openConnectionCount } from '../../store/connection-report.ts';
import type { Transaction } from '../../store/database.ts';
import { owedCount } from '../../store/outbox.ts';
import { Problem } from '../../world/problem.ts';

/** Without its settings nobody could give a consumer's tokens back, or say where they have gone. Throws `conflict`. */
export async function refuseWhileHeld(
  tx: Transaction,
  which: { account_id: string; identity_provider_id: string } | { account_id: string; credential_id: string },
): Promise<void> {
  const open = await openConnectionCount(tx, which);
  if (open > 0) throw new Problem('conflict', `${open} connections use it: end them first.`);
  const owed = await owedCount(tx, which);
  if (owed > 0) throw new Problem('conflict', `${owed} revocations are still owed: try again when they are done.`);
}
