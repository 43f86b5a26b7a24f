import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../../runtime/runtime.ts';
import { Problem } from '../../world/problem.ts';
import type { Clock } from '../../world/world.ts';

/** Bodies of files that are read at once: what they may take of this process's memory, and of nobody more than a share. */
export interface UploadPlaces {
  all: number;
  account: number;
  conversation: number;
  /** A body that is not there by then is given up. ms. */
  patience: number;
}

const usual: UploadPlaces = { all: 32, account: 16, conversation: 2, patience: 60_000 };

/**
 * Lets so many requests pass at a time, each until its answer is sent or its connection is gone: of a conversation few, so
 * that one slow sender holds up none but himself, and of an account half, so that no account holds up another.
 */
export function createUploadGate(
  parts: { clock: Clock; sessionOf(request: FastifyRequest): Pick<Session, 'account_id' | 'conversation_id'> },
  places: UploadPlaces = usual,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const taken = new Map<string, number>();
  const count = (key: string, change: 1 | -1) => {
    const now = (taken.get(key) ?? 0) + change;
    if (now > 0) taken.set(key, now);
    else taken.delete(key);
  };

  return async (request, reply) => {
    const { account_id, conversation_id } = parts.sessionOf(request);
    const wanted: [string, number][] = [
      ['all', places.all],
      [`account ${account_id}`, places.account],
      [`conversation ${conversation_id}`, places.conversation],
    ];
    if (wanted.some(([key, most]) => (taken.get(key) ?? 0) >= most))
      throw new Problem(
        'unavailable',
        'Too many files are being sent at once, in this conversation or in all: try again in a moment.',
      );
    for (const [key] of wanted) count(key, 1);
    const cancel = parts.clock.alarm(places.patience, () => request.raw.destroy());
    request.raw.once('end', cancel);
    reply.raw.once('close', () => {
      cancel();
      for (const [key] of wanted) count(key, -1);
    });
  };
}
