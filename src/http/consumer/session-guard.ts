import type { FastifyRequest } from 'fastify';
import type { Runtime, Session } from '../../runtime/runtime.ts';
import { Problem } from '../../world/problem.ts';
import { bearerToken } from '../bearer.ts';

export interface SessionGuard {
  /** Before the body is read: the conversation's own token, or nothing happens. It ends with the conversation. */
  check(request: FastifyRequest): Promise<void>;
  /** The same for a message, which is told that the conversation is closed. */
  checkSpeaker(request: FastifyRequest): Promise<void>;
  /** The session that `check` found. */
  of(request: FastifyRequest): Session;
}

export function createSessionGuard(runtime: Runtime): SessionGuard {
  const sessions = new WeakMap<FastifyRequest, Session>();

  async function find(request: FastifyRequest): Promise<Session> {
    const session = await runtime.session(pathPart(request, 'id'), bearerToken(request));
    sessions.set(request, session);
    return session;
  }

  return {
    async check(request) {
      const { ended } = await find(request);
      if (ended)
        throw new Problem('unauthorized', 'This conversation was closed, and its session with it: start a new one.');
    },
    async checkSpeaker(request) {
      await find(request);
    },
    of(request) {
      const session = sessions.get(request);
      if (!session) throw new Problem('unauthorized', 'This request has no session.');
      return session;
    },
  };
}

/** A part of the path before validation has typed it. */
function pathPart(request: FastifyRequest, name: string): string {
  const { params } = request;
  const part = typeof params === 'object' && params !== null && name in params ? Reflect.get(params, name) : undefined;
  if (typeof part !== 'string') throw new Problem('not_found', 'There is no such conversation.');
  return part;
}
