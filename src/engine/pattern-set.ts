import { type Budget, compileExclude, compilePattern, type Matcher } from './pattern.ts';

/** The patterns of a starter or a condition, and what holds them off. */
export interface PatternSet {
  patterns: readonly Matcher[];
  excluded: readonly ((text: string, budget: Budget) => boolean)[];
}

/**
 * The pattern that matches the normalised text, the most literal first; undefined when none does or a keyword excludes it,
 * or when the budget ran out before both are known.
 */
export function matchIn(set: PatternSet, text: string, budget: Budget): Matcher | undefined {
  const found = set.patterns.find((pattern) => pattern.matches(text, budget));
  return found && !isExcluded(set, text, budget) ? found : undefined;
}

/** A keyword that could not be looked for counts as found: what it guards against may be there. */
export function isExcluded({ excluded }: PatternSet, text: string, budget: Budget): boolean {
  return excluded.some((excludes) => excludes(text, budget)) || budget.left < 0;
}

export function patternSet(patterns: readonly string[], exclude: readonly string[] = []): PatternSet {
  return {
    patterns: patterns.map(compilePattern).sort((one, other) => other.literals - one.literals),
    excluded: exclude.map(compileExclude),
  };
}
