import { type Budget, type Matcher, spend } from './pattern.ts';
import { isExcluded, type PatternSet } from './pattern-set.ts';
import type { Place } from './place.ts';

export interface Starter {
  place: Place;
  patterns: PatternSet;
}

/** The most literal match wins, then the first in the document. `text` is normalised. */
export type StarterMatcher = (text: string, budget: Budget) => { place: Place; pattern: string } | undefined;

/** One pattern of a starter. */
interface Entry {
  starter: Starter;
  pattern: Matcher;
}

const gram = 3;

/**
 * A bot may have thousands of patterns, and most texts match few: each pattern is filed under three letters that every text it
 * matches must hold, the rarest it has, so that only those are tried whose letters stand in the text.
 */
export function createStarterMatcher(starters: readonly Starter[]): StarterMatcher {
  const entries = starters
    .flatMap((starter) => starter.patterns.patterns.map((pattern): Entry => ({ starter, pattern })))
    // Sorting is stable: among the same number of literals the order of the document stays.
    .sort((one, other) => other.pattern.literals - one.pattern.literals);
  const { filed, always } = fileEntries(entries);
  return (text, budget) => {
    if (!spend(budget, text.length)) return undefined;
    const excluded = new Set<Starter>();
    for (const at of candidatesIn(text, filed, always)) {
      const entry = entries[at];
      if (!entry || excluded.has(entry.starter) || !entry.pattern.matches(text, budget)) continue;
      if (!isExcluded(entry.starter.patterns, text, budget))
        return { place: entry.starter.place, pattern: entry.pattern.source };
      excluded.add(entry.starter);
    }
    return undefined;
  };
}

/** Numbers of entries by the letters they need, and of those that need none. */
function fileEntries(entries: readonly Entry[]) {
  const uses = new Map<string, number>();
  for (const { pattern } of entries)
    for (const one of new Set(pattern.pieces.flat().flatMap(gramsOf))) uses.set(one, (uses.get(one) ?? 0) + 1);
  const filed = new Map<string, number[]>();
  const always: number[] = [];
  entries.forEach(({ pattern }, at) => {
    const needed = pattern.pieces.map((pieces) => rarest(pieces.flatMap(gramsOf), uses));
    if (needed.length === 0 || needed.includes(undefined)) always.push(at);
    else for (const one of new Set(needed)) if (one !== undefined) file(filed, one, at);
  });
  return { filed, always };
}

function file(filed: Map<string, number[]>, under: string, at: number): void {
  const there = filed.get(under);
  if (there) there.push(at);
  else filed.set(under, [at]);
}

function rarest(grams: readonly string[], uses: ReadonlyMap<string, number>): string | undefined {
  let found: string | undefined;
  for (const one of grams) if (found === undefined || (uses.get(one) ?? 0) < (uses.get(found) ?? 0)) found = one;
  return found;
}

function gramsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - gram + 1) }, (_, at) => text.slice(at, at + gram));
}

/** In the order of the entries: the most literal first. */
function candidatesIn(
  text: string,
  filed: ReadonlyMap<string, readonly number[]>,
  always: readonly number[],
): number[] {
  const found = new Set(always);
  for (const one of new Set(gramsOf(text))) for (const at of filed.get(one) ?? []) found.add(at);
  return [...found].sort((one, other) => one - other);
}
