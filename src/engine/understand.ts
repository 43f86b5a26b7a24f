import type { Interaction } from '../bot/document.ts';
import type { IntentStarter } from './compile-intents.ts';
import type { Budget } from './pattern.ts';
import { isExcluded } from './pattern-set.ts';
import type { Stage } from './state.ts';
import type { Need, UnderstoodIntent } from './step.ts';
import { need, type Turn } from './turn.ts';

/** Asks what the consumer meant, unless it is known; the flow goes on at `then`. */
export function needUnderstanding(turn: Turn, then: Stage): Need | undefined {
  if (turn.state.understanding) return undefined;
  return need(turn, then, { type: 'understand', text: turn.state.heard.text });
}

/** The same, where the interaction's rules or slot ask for it. */
export function needFor(turn: Turn, interaction: Interaction, then: Stage): Need | undefined {
  return turn.bot.intents.asksAt.has(interaction.id) ? needUnderstanding(turn, then) : undefined;
}

export interface PossibleIntent {
  intent: UnderstoodIntent;
  starter: IntentStarter | undefined;
}

/** The intents understood, the most certain first, each with the starter it would start and no keyword excludes. */
export function possibleIntents(turn: Turn, text: string, budget: Budget): PossibleIntent[] {
  const { intents } = turn.bot;
  const understood = turn.state.understanding?.intents ?? [];
  return understood
    .toSorted((one, other) => other.score - one.score)
    .flatMap((intent) => {
      const known = intents.keysOf(intent).map((key) => intents.starters.get(key));
      const starter = known.find((one) => one !== undefined);
      return starter && isExcluded(starter.patterns, text, budget) ? [] : [{ intent, starter }];
    });
}

/** LivePerson's ranks that act without asking back. */
export function isGood({ rank }: UnderstoodIntent): boolean {
  return rank === 'very_good' || rank === 'good';
}
