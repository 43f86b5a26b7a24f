/**
 * The attempt machine, as data: `offered → bound → redirected → exchanging → quarantined → granted`, or one of the
 * other final states with a reason from a closed list. `store/attempt.ts` makes each move a compare-and-set.
 */
import type { AttemptOutcome } from '../bot/outcome.ts';
import type { AttemptChange, AttemptRow, AttemptStatus } from '../store/attempt.ts';

/** Why an attempt ended without a grant. Stored; the page, the bot and the audit read the outcome it stands for. */
export const outcomeByReason = {
  declined: 'declined',
  cancelled_by_user: 'cancelled',
  signed_out: 'cancelled',
  expired: 'expired',
  // Nobody refused and nothing is set up wrongly: the next sign-in may well succeed (P18).
  interaction_required: 'expired',
  superseded: 'superseded',
  config_changed: 'superseded',
  conversation_closed: 'closed',
  code_attempts: 'binding_failed',
  binding_missing: 'binding_failed',
  identity_mismatch: 'wrong_person',
  step_up_failed: 'step_up_failed',
  scope_insufficient: 'scope_insufficient',
  provider_unavailable: 'provider_unavailable',
  indeterminate: 'provider_unavailable',
  storage: 'provider_unavailable',
  provider_error: 'provider_error',
  code_rejected: 'provider_error',
  malformed_response: 'provider_error',
  issuer_mismatch: 'provider_error',
  id_token_invalid: 'provider_error',
  client_rejected: 'misconfigured',
  misconfigured: 'misconfigured',
  blocked: 'blocked',
} as const satisfies Record<string, Exclude<AttemptOutcome, 'granted'>>;

export type EndReason = keyof typeof outcomeByReason;

/** The final state a reason belongs to: what we refused, what broke, what the consumer did. */
export const statusByReason: Record<EndReason, AttemptStatus> = {
  declined: 'declined',
  cancelled_by_user: 'cancelled',
  signed_out: 'cancelled',
  expired: 'expired',
  interaction_required: 'failed',
  superseded: 'superseded',
  config_changed: 'superseded',
  conversation_closed: 'cancelled',
  code_attempts: 'rejected',
  binding_missing: 'rejected',
  identity_mismatch: 'rejected',
  step_up_failed: 'rejected',
  scope_insufficient: 'rejected',
  provider_unavailable: 'failed',
  indeterminate: 'failed',
  storage: 'failed',
  provider_error: 'failed',
  code_rejected: 'failed',
  malformed_response: 'failed',
  issuer_mismatch: 'rejected',
  id_token_invalid: 'rejected',
  client_rejected: 'failed',
  misconfigured: 'failed',
  blocked: 'failed',
};

const ends: readonly AttemptStatus[] = ['expired', 'cancelled', 'superseded', 'declined', 'failed', 'rejected'];

/** From each state the states it may go to. `bound → bound` and `redirected → bound` are another browser's proof. */
export const transitions: Record<AttemptStatus, readonly AttemptStatus[]> = {
  offered: ['bound', ...ends],
  bound: ['bound', 'redirected', ...ends],
  redirected: ['bound', 'redirected', 'exchanging', ...ends],
  exchanging: ['quarantined', 'cancelled', 'superseded', 'declined', 'failed', 'rejected'],
  quarantined: ['granted', 'cancelled', 'superseded', 'failed', 'rejected'],
  granted: [],
  expired: [],
  cancelled: [],
  superseded: [],
  declined: [],
  failed: [],
  rejected: [],
};

export function mayMove(from: AttemptStatus, to: AttemptStatus): boolean {
  return transitions[from].includes(to);
}

export function isFinal(status: AttemptStatus): boolean {
  return transitions[status].length === 0;
}

/** How an ended attempt ended, in the words of rules, pages and events; undefined while it is open. */
export function outcomeOf(attempt: Pick<AttemptRow, 'status' | 'reason'>): AttemptOutcome | undefined {
  if (attempt.status === 'granted') return 'granted';
  if (!isFinal(attempt.status)) return undefined;
  return isEndReason(attempt.reason) ? outcomeByReason[attempt.reason] : 'provider_error';
}

function isEndReason(reason: string | null): reason is EndReason {
  return reason !== null && Object.hasOwn(outcomeByReason, reason);
}

/** What every final state erases at once. `state_hash` and `bound_browser` stay: a late callback must find the truth. */
export function erased(at: number): AttemptChange {
  return { verifier: null, nonce: null, quarantine: null, lease_until: null, ended_at: at };
}

/** Time limits in ms. */
export const limits = {
  /** From the offer to the end, as long as nothing was pressed. */
  offered: 10 * 60_000,
  /** From Continue. */
  redirected: 10 * 60_000,
  /** From the creation, whatever happens. */
  whole: 20 * 60_000,
  /** Longer than the HTTP deadline, so an owner that is alive never loses its exchange. */
  exchangeLease: 15_000,
  exchangeHttp: 10_000,
  /** How long a duplicate callback waits for the outcome of the first. */
  duplicateWait: 10_000,
  attemptsPerHour: 30,
  wrongCodesPerAttempt: 5,
  wrongCodesPerHour: 15,
  unboundBrowsers: 3,
  /** Window of the guards against asking the same again and again. */
  loopGuard: 10 * 60_000,
} as const;
