import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Database } from '../store/database.ts';
import type { Clock } from '../world/world.ts';

/** ms for the own database to answer. */
const patience = 2_000;

/**
 * `/healthz`: the process runs. `/readyz`: its own database answers; never a brand's outage (OP-08), and a missing jail
 * only shows, since bots without scripts go on. `/metrics`: Prometheus.
 */
export function healthRoutes(
  app: FastifyInstance,
  parts: { db: Database; sandbox: Sandbox; metrics: Registry; clock: Clock },
): void {
  const open = { config: { surface: 'operations' as const }, schema: { tags: ['operations'], security: [] } };
  app.get('/healthz', open, async () => ({ status: 'ok' }));
  app.get('/readyz', open, async (_request, reply) => {
    const database = (await answers(parts.db, parts.clock)) ? 'ready' : 'unavailable';
    const checks = { database, sandbox: parts.sandbox.health().state };
    const ready = database === 'ready';
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'unavailable', checks });
  });
  app.get('/metrics', open, async (_request, reply) =>
    reply.type(parts.metrics.contentType).send(await parts.metrics.metrics()),
  );
}

function answers(db: Database, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.alarm(patience, () => resolve(false));
    db.get('SELECT 1 AS one')
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(cancel);
  });
}
