import type { BotDocument } from '../document.ts';
import { beyondPatternBounds, parsePattern, patternBounds } from '../pattern.ts';
import { type InteractionPlace, interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, error, pointer } from '../problem.ts';

/** Patterns must parse and stay within bounds. */
export function checkPatterns(document: BotDocument): DocumentProblem[] {
  const places = interactionPlaces(document);
  const lists = places.flatMap(patternLists);
  return [...lists.flatMap(checkEach), ...checkTotal(lists)];
}

/** A list of patterns, or of exclude keywords, which may be patterns. */
interface PatternList {
  patterns: readonly string[];
  keywords: boolean;
  path: string;
}

function patternLists(place: InteractionPlace): PatternList[] {
  const { interaction, path } = place;
  const own = interaction.type === 'starter' ? listsOf(interaction, path) : [];
  const ofRules = rulePlaces(place).flatMap(({ rule: { when }, path: at }) =>
    when?.match === 'pattern' || when?.match === 'regex' ? listsOf(when, pointer(at, 'when')) : [],
  );
  return [...own, ...ofRules];
}

function listsOf(holder: { patterns?: string[]; exclude?: string[] }, path: string): PatternList[] {
  return [
    { patterns: holder.patterns ?? [], keywords: false, path: pointer(path, 'patterns') },
    { patterns: holder.exclude ?? [], keywords: true, path: pointer(path, 'exclude') },
  ];
}

function checkTotal(lists: readonly PatternList[]): DocumentProblem[] {
  const total = lists.reduce((sum, { patterns }) => sum + patterns.join('').length, 0);
  if (total <= patternBounds.charactersOfAll) return [];
  return [error('/dialogs', `All patterns together are longer than ${patternBounds.charactersOfAll} characters.`)];
}

function checkEach({ patterns, keywords, path }: PatternList): DocumentProblem[] {
  return patterns.flatMap((pattern, at) => {
    const beyond = beyondPatternBounds(pattern);
    if (beyond) return [error(pointer(path, at), `The pattern is too much to match: ${beyond}.`)];
    const parsed = keywords ? undefined : parsePattern(pattern);
    if (!parsed || parsed.ok) return [];
    return [error(pointer(path, at), `The pattern "${pattern}" does not parse: ${parsed.message}.`)];
  });
}
