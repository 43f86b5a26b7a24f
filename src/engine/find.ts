import type { Place } from './place.ts';
import { disambiguate } from './disambiguate.ts';
import { fallBack } from './fall-back.ts';
import { act } from './jump.ts';
import { withinBudget } from './matching.ts';
import { normalise } from './pattern.ts';
import { askGroup } from './route.ts';
import { hasNoMatchRule } from './rules.ts';
import { isLinkOnly, startDialog } from './start.ts';
import { type Onward, placeOf, type Turn } from './turn.ts';
import { isGood, needUnderstanding, possibleIntents } from './understand.ts';

/**
 * Starters of enabled dialogs. Patterns come first: the most literal match wins, then the first in the document. Then
 * intents; nothing matches: fallback. A question with a "no match" rule keeps what is said, unless its script hands it on.
 */
export function find(turn: Turn): Onward {
  const question = placeOf(turn);
  if (question && hasNoMatchRule(question.interaction) && turn.flow.go_to !== 'platform.default')
    return notFound(turn, question);
  const found = withinBudget(turn, (budget) => turn.bot.matchStarter(normalise(turn.state.heard.text), budget));
  if (found) return startDialog(turn, question, { ...found, by: 'starter' });
  if (turn.bot.intents.starters.size === 0) return notFound(turn, question);
  return needUnderstanding(turn, 'intents') ?? 'intents';
}

/** Starters by what was understood: the most certain intent that is good enough, else the consumer is asked. */
export function findByIntent(turn: Turn): Onward {
  const question = placeOf(turn);
  const text = normalise(turn.state.heard.text);
  const possible = withinBudget(turn, (budget) => possibleIntents(turn, text, budget));
  const best = possible.find(({ intent, starter }) => starter && isGood(intent))?.starter;
  if (best) {
    turn.state.disambiguated = null;
    return startDialog(turn, question, { place: best.place, by: 'intent' });
  }
  return disambiguate(turn, possible) ?? notFound(turn, question);
}

function notFound(turn: Turn, question: Place | undefined): Onward {
  const next = question && isLinkOnly(question.interaction) ? question.interaction.next : undefined;
  if (!next) return askGroup(turn) ?? fallBack(turn);
  turn.state.waiting = null;
  turn.flow = { ...turn.flow, understood: true };
  return act(turn, next);
}
