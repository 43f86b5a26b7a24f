import { jumpToDialog } from './jump.ts';
import { suspend } from './stack.ts';
import { type Onward, type Turn, trace } from './turn.ts';

/** LivePerson's recommendation: so many in a row are answered as usual, the next one escalates. */
const usualThreshold = 3;

/**
 * Something was not understood, or failed and no rule takes the failure: counted until the consumer is understood again.
 * One more than the threshold starts the dialog for it; undefined where it is not time yet, or there is none.
 */
export function escalate(turn: Turn): Onward | undefined {
  const { escalation } = turn.bot;
  const due = escalation !== undefined && turn.state.fallbacks >= (escalation.threshold ?? usualThreshold);
  turn.flow = { ...turn.flow, failed: true };
  turn.state.fallbacks += 1;
  if (!due || turn.state.dialog === escalation.id) return undefined;
  turn.state.fallbacks = 0;
  const first = escalation.interactions[0]?.id ?? '';
  trace(turn, { kind: 'matched', by: 'escalation', dialog: escalation.id, interaction: first });
  suspend(turn, 'repeat');
  turn.state.disambiguating = null;
  return jumpToDialog(turn, escalation.id);
}

/** The turn is over: what was understood, and led to no failure, ends the counting. */
export function settleFallbacks(turn: Turn): void {
  if (turn.flow.understood && !turn.flow.failed) turn.state.fallbacks = 0;
}
