import type { BotDocument } from '../document.ts';
import { outcomeGroups } from '../outcome.ts';
import { interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, error, pointer } from '../problem.ts';

const names = new Set<string>([...Object.keys(outcomeGroups), ...Object.values(outcomeGroups).flat()]);

/** Outcomes are a closed list: a misspelt one would never be taken. */
export function checkOutcomes(document: BotDocument): DocumentProblem[] {
  const rules = interactionPlaces(document)
    .flatMap(rulePlaces)
    .flatMap(({ rule, path }) => {
      if (rule.when?.match !== 'outcome' || names.has(rule.when.outcome)) return [];
      return [unknown(pointer(path, 'when', 'outcome'), rule.when.outcome)];
    });
  const messages = Object.keys(document.outcome_messages ?? {}).filter((name) => !names.has(name));
  return [...rules, ...messages.map((name) => unknown(pointer('/outcome_messages', name), name))];
}

function unknown(path: string, name: string): DocumentProblem {
  return error(path, `"${name}" is not an outcome or a group of outcomes. There are: ${[...names].join(', ')}.`);
}
