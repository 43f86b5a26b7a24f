import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gauge } from 'prom-client';
import { ConversationParams, EventsQuery } from '../../api/conversation.ts';
import { documented } from '../../api/common.ts';
import { EventPage } from '../../api/event.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';
import { streamEvents } from './event-stream.ts';
import { longPoll } from './long-poll.ts';
import { createOpenReaders, type OpenReaders } from './open-readers.ts';

/** `GET /v1/conversations/{id}/events`: a long poll, or a stream where the client accepts one. */
export function eventsRoute(app: App, parts: ConsumerParts): void {
  const { guard, limits, metrics } = parts;
  const readers = createOpenReaders();
  // A stream never ends by itself: without this, stopping the server would wait for every open tab.
  app.addHook('preClose', async () => readers.endAll());
  new Gauge({
    name: 'errand_event_readers',
    help: 'Open event streams and long polls',
    registers: [metrics],
    collect() {
      this.set(readers.count());
    },
  });
  app.get(
    '/v1/conversations/:id/events',
    {
      exposeHeadRoute: false,
      config: { surface: 'consumer', rateLimit: limits.consumer },
      onRequest: guard.check,
      schema: {
        tags: ['conversations'],
        summary: 'Events after a seq: at once, after a wait, or as a stream (`Accept: text/event-stream`)',
        params: ConversationParams,
        querystring: EventsQuery,
        response: { 200: documented(EventPage) },
      },
    },
    async (request, reply) => {
      const after = startOf(request, request.query.after);
      if (wantsStream(request)) return stream({ request, id: request.params.id, reply, parts, readers, after });
      let leave = () => {};
      try {
        return await longPoll({
          runtime: parts.runtime,
          clock: parts.world.clock,
          session: guard.of(request),
          after,
          wait: Number(request.query.wait ?? 0) * 1_000,
          untilGone(end) {
            leave = readers.enter(request.params.id, end);
            reply.raw.once('close', end);
          },
        });
      } finally {
        leave();
      }
    },
  );
}

function stream(open: {
  request: FastifyRequest;
  id: string;
  reply: FastifyReply;
  parts: ConsumerParts;
  readers: OpenReaders;
  after: number;
}): FastifyReply {
  const { request, reply, parts, readers, after, id } = open;
  let end = () => {};
  const leave = readers.enter(id, () => end());
  reply.hijack();
  const response = reply.raw;
  response.once('close', leave);
  response.writeHead(200, {
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  end = streamEvents({ runtime: parts.runtime, world: parts.world, session: parts.guard.of(request), after, response });
  return reply;
}

function wantsStream(request: FastifyRequest): boolean {
  return /\btext\/event-stream\b/i.test(request.headers.accept ?? '');
}

/** `Last-Event-ID` is what the client really saw last, so it beats the URL it first came with. */
function startOf(request: FastifyRequest, after: string | undefined): number {
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return Number(after ?? 0);
  if (typeof last === 'string' && /^[0-9]{1,15}$/.test(last)) return Number(last);
  throw new Problem('invalid_body', 'Last-Event-ID is not the id of an event.', [
    { pointer: 'Last-Event-ID', detail: 'must be a seq' },
  ]);
}

/** Headers set so far: hijacking leaves them to us. */
function headersOf(reply: FastifyReply): Record<string, string> {
  const set = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
