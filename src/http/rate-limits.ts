import type { RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { defaultRateLimits, type RateLimits } from './http-config.ts';

export type RouteLimits = Record<keyof RateLimits, RateLimitOptions>;

/** The `rateLimit` option of each group of routes: one counter for the whole group. */
export function routeLimits(configured: Partial<RateLimits> = {}): RouteLimits {
  const limits = { ...defaultRateLimits, ...configured };
  const perMinute = (groupId: keyof RateLimits): RateLimitOptions => ({
    max: limits[groupId],
    timeWindow: 60_000,
    groupId,
  });
  return {
    conversations: perMinute('conversations'),
    messages: { ...perMinute('messages'), keyGenerator: conversationKey },
    files: { ...perMinute('files'), keyGenerator: conversationKey },
    consumer: { ...perMinute('consumer'), keyGenerator: conversationKey },
    account: perMinute('account'),
    trials: { ...perMinute('trials'), keyGenerator: accountKey },
  };
}

function accountKey({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'account_id' in params ? String(params.account_id) : '';
}

/** By conversation and address: a stranger who guesses at an id cannot use up its consumer's requests. */
function conversationKey(request: FastifyRequest): string {
  const { params } = request;
  const id = typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : '';
  return `${id} ${request.ip}`;
}
