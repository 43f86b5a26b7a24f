/** Callbacks that belong to nothing of ours. Anybody may call that address, so a burst is counted rather than written row by row. */
import { findAccount } from '../store/account.ts';
import { appendAudit } from '../store/audit.ts';
import type { Json } from '../world/json.ts';
import type { Parts } from './parts.ts';

type Why = 'state' | 'query';

export interface Refusals {
  record(accountId: string, why: Why): Promise<void>;
  /** Writes the counts of bursts whose minute is over. */
  flush(): Promise<void>;
}

const minute = 60_000;
/** One row each (OA-03) up to here, then one row for all the others of the minute. */
const rowsPerMinute = 20;

interface Burst {
  since: number;
  rows: number;
  more: Record<Why, number>;
}

export function createRefusals(parts: Parts): Refusals {
  const bursts = new Map<string, Burst>();

  async function close(accountId: string, burst: Burst): Promise<void> {
    bursts.delete(accountId);
    const { state, query } = burst.more;
    if (state + query === 0) return;
    await write(parts, accountId, { why: 'burst', count: state + query, ...burst.more });
  }

  return {
    async record(accountId, why) {
      parts.world.log.warn({ account: accountId, why }, 'callback refused');
      if (!(await findAccount(parts.db, accountId))) return;
      const now = parts.world.clock.now();
      const before = bursts.get(accountId);
      if (before && now - before.since >= minute) await close(accountId, before);
      const burst = bursts.get(accountId) ?? { since: now, rows: 0, more: { state: 0, query: 0 } };
      bursts.set(accountId, burst);
      if (burst.rows >= rowsPerMinute) {
        burst.more[why] += 1;
        return;
      }
      burst.rows += 1;
      await write(parts, accountId, { why });
    },
    async flush() {
      const now = parts.world.clock.now();
      for (const [accountId, burst] of bursts) if (now - burst.since >= minute) await close(accountId, burst);
    },
  };
}

async function write(parts: Parts, account_id: string, details: Json): Promise<void> {
  await parts.db.write((tx) =>
    appendAudit(tx, {
      account_id,
      at: parts.world.clock.now(),
      actor: 'anonymous',
      action: 'sign_in.callback_refused',
      subject: 'callback',
      details,
    }),
  );
}
