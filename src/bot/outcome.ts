/** The closed lists of ways a sign-in or a call can end (`design/delegation.md`): rules branch on a member or its group. */
export const outcomeGroups = {
  success: ['success'],
  not_granted: ['declined', 'cancelled', 'expired', 'superseded', 'closed'],
  not_proven: ['wrong_person', 'binding_failed', 'unsupported_channel'],
  not_enough_permission: ['scope_insufficient', 'step_up_failed'],
  brand_unavailable: ['provider_unavailable', 'unreachable', 'timed_out', 'result_unknown', 'rate_limited'],
  setup_error: ['provider_error', 'misconfigured', 'blocked'],
  failure: ['failure'],
} as const;

export type OutcomeGroup = keyof typeof outcomeGroups;
/** How a call ended. `failure` is any other status than 200 or 201: LivePerson's sense. */
export type Outcome = (typeof outcomeGroups)[OutcomeGroup][number];
/** How a sign-in attempt ended. */
export type AttemptOutcome = 'granted' | Exclude<Outcome, 'success' | 'failure'>;

const groupByMember = new Map<string, OutcomeGroup>();
// Object.keys forgets that the keys of a constant are known.
for (const group of Object.keys(outcomeGroups) as OutcomeGroup[]) {
  for (const member of outcomeGroups[group]) groupByMember.set(member, group);
}

export function groupOf(outcome: Outcome): OutcomeGroup {
  return groupByMember.get(outcome) ?? 'failure';
}
