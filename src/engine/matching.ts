import { type Budget, stepsPerInput } from './pattern.ts';
import { type Turn, trace } from './turn.ts';

/**
 * Matches within what is left of the steps that one input may cost, however long the chain that it sets off. What comes
 * after the last step counts as not matched, and the trace says so.
 */
export function withinBudget<T>(turn: Turn, match: (budget: Budget) => T): T {
  const left = stepsPerInput - (turn.flow.matching_steps ?? 0);
  const budget: Budget = { left };
  const result = match(budget);
  turn.flow = { ...turn.flow, matching_steps: stepsPerInput - budget.left };
  if (left >= 0 && budget.left < 0)
    trace(turn, {
      kind: 'guard',
      text: `matching was stopped after ${stepsPerInput} steps: patterns and rules not looked at by then count as not matched`,
    });
  return result;
}
