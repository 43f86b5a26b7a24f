/** What an answer, or none, means: the one table from the wire to the closed list of outcomes. */
import type { Outcome } from '../bot/outcome.ts';
import type { Answer, EgressFailure } from '../egress/egress.ts';
import type { CallResult } from '../engine/step.ts';

/**
 * `repeatable`: without an answer to a call that was sent, a repeatable one has merely `timed_out`; of any other the
 * result is unknown (I4). 401 and 403 are plain failures here; calls with a permission look at them first.
 */
export function outcomeOf(result: Answer | EgressFailure, repeatable: boolean): Outcome {
  if ('failed' in result) return outcomeWithoutAnswer(result, repeatable);
  if (result.status === 200 || result.status === 201) return 'success';
  if (result.status === 429) return 'rate_limited';
  return result.status >= 500 ? 'unreachable' : 'failure';
}

function outcomeWithoutAnswer(failure: EgressFailure, repeatable: boolean): Outcome {
  if (failure.failed === 'blocked') return 'blocked';
  if (!failure.sent) return 'unreachable';
  return repeatable ? 'timed_out' : 'result_unknown';
}

export function callResultOf(result: Answer | EgressFailure, repeatable: boolean): CallResult {
  const outcome = outcomeOf(result, repeatable);
  return 'failed' in result
    ? { outcome, status: null, body: null }
    : { outcome, status: result.status, body: result.body };
}
