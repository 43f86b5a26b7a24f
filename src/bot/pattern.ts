/**
 * The pattern language of dialog starters and rules: `*` stands for any run of characters, `|` separates alternatives,
 * `( )` groups them, everything else is literal. Alternatives may be empty (`thank(|s)`). Only the syntax lives here;
 * matching is the engine's.
 */

/** Alternatives of sequences of parts. */
export type Pattern = PatternPart[][];
export type PatternPart = { kind: 'text'; text: string } | { kind: 'any' } | { kind: 'group'; alternatives: Pattern };

export type ParsedPattern = { ok: true; pattern: Pattern } | { ok: false; message: string };

const deepest = 50;

/** How much of it a document may have: a pattern's characters and stars, and the characters of all patterns of a bot. */
export const patternBounds = { characters: 500, stars: 20, charactersOfAll: 200_000 };

/** What is too much about one pattern or exclude keyword, or undefined. */
export function beyondPatternBounds(source: string): string | undefined {
  if (source.length > patternBounds.characters) return `it is longer than ${patternBounds.characters} characters`;
  const stars = source.match(/\*+/g)?.length ?? 0;
  return stars > patternBounds.stars ? `it has more than ${patternBounds.stars} "*"` : undefined;
}

/** Parses without recursion, so that no author's text can exhaust the stack. */
export function parsePattern(source: string): ParsedPattern {
  const open: Pattern[] = [[[]]];
  for (const char of source) {
    const current = open[open.length - 1];
    if (!current) return { ok: false, message: 'a ")" has no "("' };
    if (char === '(') {
      if (open.length > deepest) return { ok: false, message: `groups are nested deeper than ${deepest}` };
      const alternatives: Pattern = [[]];
      current[current.length - 1]?.push({ kind: 'group', alternatives });
      open.push(alternatives);
    } else if (char === ')') {
      if (open.length === 1) return { ok: false, message: 'a ")" has no "("' };
      open.pop();
    } else if (char === '|') {
      current.push([]);
    } else {
      append(current[current.length - 1] ?? [], char);
    }
  }
  const whole = open[0];
  if (open.length !== 1 || !whole) return { ok: false, message: 'a "(" is not closed' };
  return { ok: true, pattern: whole };
}

function append(sequence: PatternPart[], char: string): void {
  const last = sequence[sequence.length - 1];
  if (char === '*') {
    if (last?.kind !== 'any') sequence.push({ kind: 'any' });
  } else if (last?.kind === 'text') {
    last.text += char;
  } else {
    sequence.push({ kind: 'text', text: char });
  }
}
