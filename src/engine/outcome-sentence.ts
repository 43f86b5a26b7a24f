import { type SentenceKey, sentence } from '../api/sentences.ts';
import { groupOf, type Outcome } from '../bot/outcome.ts';
import type { Turn } from './turn.ts';

const keys: Record<Exclude<Outcome, 'success'>, SentenceKey> = {
  declined: 'outcome.declined',
  cancelled: 'outcome.cancelled',
  expired: 'outcome.expired',
  superseded: 'outcome.superseded',
  closed: 'outcome.closed',
  wrong_person: 'outcome.not_proven',
  binding_failed: 'outcome.not_proven',
  unsupported_channel: 'outcome.unsupported_channel',
  scope_insufficient: 'outcome.not_enough_permission',
  step_up_failed: 'outcome.not_enough_permission',
  provider_unavailable: 'outcome.brand_unavailable',
  unreachable: 'outcome.brand_unavailable',
  timed_out: 'outcome.brand_unavailable',
  result_unknown: 'outcome.result_unknown',
  rate_limited: 'outcome.brand_unavailable',
  provider_error: 'outcome.provider_error',
  misconfigured: 'outcome.setup_error',
  blocked: 'outcome.setup_error',
  failure: 'outcome.failure',
};

/** What the consumer is told when no rule takes an outcome: the document's own sentence for it or its group, else the platform's. */
export function sentenceFor(turn: Turn, outcome: Exclude<Outcome, 'success'>): { own: string } | { platform: string } {
  const own = turn.bot.document.outcome_messages ?? {};
  for (const name of [outcome, groupOf(outcome)]) {
    const text = Object.hasOwn(own, name) ? own[name] : undefined;
    if (text !== undefined) return { own: text };
  }
  return { platform: sentence(turn.facts.locale, keys[outcome]) };
}
