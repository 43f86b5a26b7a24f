import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Log } from '../world/world.ts';

/**
 * One line and one measurement for each answer. The route's template stands for the URL, and no header is logged: a
 * sign-in link, a code or a token in a path or query never gets into a log (I7).
 */
export function logRequests(app: FastifyInstance, parts: { log: Log; metrics: Registry }): void {
  const labelNames = ['method', 'route', 'status'];
  const requests = new Counter({
    name: 'errand_http_requests_total',
    help: 'Answers, by route',
    labelNames,
    registers: [parts.metrics],
  });
  const seconds = new Histogram({
    name: 'errand_http_request_seconds',
    help: 'Time to the answer, long polls and streams left out',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [parts.metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    requests.inc({ method, route, status: reply.statusCode });
    if (!route.endsWith('/events')) seconds.observe({ method, route }, reply.elapsedTime / 1_000);
    const line = { request_id: request.id, method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    parts.log.debug(line, 'answered');
  });
}
