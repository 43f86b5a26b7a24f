import { Gauge, type Registry } from 'prom-client';
import { countRevocations } from '../store/connection-report.ts';
import type { Database } from '../store/database.ts';

/** Tokens that are owed to providers, and those that were never given back: an operator must hear of both. */
export function countOwed(metrics: Registry, db: Database): void {
  const gauge: Gauge = new Gauge({
    name: 'errand_revocations',
    help: 'Revocations that are pending or were given up',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      const counts = await countRevocations(db, null);
      gauge.set({ state: 'pending' }, counts.pending);
      gauge.set({ state: 'gave_up' }, counts.gave_up);
    },
  });
}
