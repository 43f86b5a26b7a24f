import type { BotDocument } from '../document.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** Of two starters with the same pattern only the first is ever begun. */
export function checkStarters(document: BotDocument): DocumentProblem[] {
  const seen = new Map<string, string>();
  return document.dialogs.flatMap(({ interactions: [first], name, enabled }, d) => {
    if (first?.type !== 'starter' || enabled === false || first.enabled === false) return [];
    return (first.patterns ?? []).flatMap((pattern, at) => {
      const key = pattern.trim().toLowerCase();
      const other = seen.get(key);
      if (other === undefined) seen.set(key, name);
      if (other === undefined || other === name) return [];
      const message = `The dialog "${other}" begins with the same pattern "${pattern}", and comes first: take it out of one of them.`;
      return [warning(pointer('/dialogs', d, 'interactions', 0, 'patterns', at), message)];
    });
  });
}
