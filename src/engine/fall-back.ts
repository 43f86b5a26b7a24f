import { sentence } from '../api/sentences.ts';
import { escalate } from './escalate.ts';
import { jumpToDialog } from './jump.ts';
import { send, sendText } from './message.ts';
import { suspend } from './stack.ts';
import { type Onward, placeOf, type Turn, trace } from './turn.ts';

/** Not understood: the question's own fallback response, the fallback dialog, or the default response; then the bot waits where it was. */
export function fallBack(turn: Turn): Onward {
  if (turn.flow.by_platform) {
    send(turn, { text: sentence(turn.facts.locale, 'transfer_failed') });
    return 'finish';
  }
  const escalated = escalate(turn);
  if (escalated !== undefined) return escalated;
  const { fallback, document } = turn.bot;
  const question = placeOf(turn)?.interaction;
  trace(turn, { kind: 'matched', by: 'fallback', dialog: fallback?.id ?? '', interaction: question?.id ?? '' });
  const own = question && 'fallback_response' in question ? question.fallback_response : undefined;
  if (own) sendText(turn, own);
  else if (fallback) {
    // A fallback's own question is none to come back to: it is asked again.
    if (placeOf(turn)?.dialog.id === fallback.id) turn.state.waiting = null;
    else suspend(turn, 'fallback');
    return jumpToDialog(turn, fallback.id);
  } else if (document.default_response) sendText(turn, document.default_response);
  else send(turn, { text: sentence(turn.facts.locale, 'fallback') });
  return question ? null : 'finish';
}
