import { type Pattern, type PatternPart, parsePattern } from '../bot/pattern.ts';

/** A compiled pattern. */
export interface Matcher {
  source: string;
  /** Least number of literal characters in a match: of two starters that match, the more literal one wins. */
  literals: number;
  /** Of each alternative the literal texts that every match of it holds. */
  pieces: readonly (readonly string[])[];
  /** `text` must be normalised. Whole utterance. False, too, when the budget runs out before it is known. */
  matches(text: string, budget: Budget): boolean;
}

/**
 * What matching may still cost, in steps of about one comparison; below zero nothing matches any more. Patterns run in
 * the server's own thread, so an author's thousands of them against a consumer's longest text must end early, not late.
 */
export interface Budget {
  left: number;
}

/** Steps for all patterns of one input together: some tens of ms at most; an ordinary bot needs a few thousand. */
export const stepsPerInput = 2_000_000;
const longestText = 2_000;

/** False: the budget is used up. */
export function spend(budget: Budget, steps: number): boolean {
  budget.left -= steps;
  return budget.left >= 0;
}

/** What is compared: case, apostrophes and runs of white space do not count, nor does anything after 2,000 characters. */
export function normalise(text: string): string {
  const folded = text.slice(0, longestText).normalize('NFC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ');
  // Folding can make a text longer than it was.
  return folded.slice(0, longestText).trim();
}

/** A pattern that does not parse is taken literally; the document's checks have reported it. */
export function compilePattern(source: string): Matcher {
  const normal = normalise(source);
  const parsed = parsePattern(normal);
  const pattern: Pattern = parsed.ok ? parsed.pattern : [[{ kind: 'text', text: normal }]];
  const literals = literalsOf(pattern);
  const branches = pattern.map(compileSequence);
  return {
    source,
    literals,
    pieces: pattern.map((sequence) => sequence.flatMap((part) => (part.kind === 'text' ? [part.text] : []))),
    matches: (text, budget) =>
      spend(budget, 1) && text.length >= literals && branches.some((branch) => branch(text, budget)),
  };
}

type Matches = (text: string, budget: Budget) => boolean;

/** Exclude keywords: a plain word counts where it stands as a word, one with operators is a pattern of the whole. */
export function compileExclude(keyword: string): Matches {
  if (/[*|()]/.test(keyword)) return compilePattern(keyword).matches;
  const word = normalise(keyword);
  return (text, budget) => word !== '' && containsWord(text, word, budget);
}

function containsWord(text: string, word: string, budget: Budget): boolean {
  const next = (from: number): number => indexIn(text, word, { from, to: text.length, budget });
  for (let at = next(0); at !== -1; at = next(at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + word.length);
    if (!isLetter(before) && !isLetter(after)) return true;
  }
  return false;
}

function isLetter(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char);
}

/**
 * Without groups, literal pieces found one after the other decide. With groups the same is tried first with `*` in their
 * place: what does not match even so needs no closer look, and most texts match few patterns.
 */
function compileSequence(sequence: PatternPart[]): Matches {
  const pieces = piecesOf(sequence);
  if (!sequence.some(({ kind }) => kind === 'group')) return (text, budget) => piecesMatch(pieces, text, budget);
  let program: Operation[] | undefined;
  return (text, budget) => {
    if (!piecesMatch(pieces, text, budget)) return false;
    program ??= programOf(sequence);
    return run(program, text, budget);
  };
}

/** Literal texts with anything between them: the first one starts the utterance, the last one ends it. */
interface Pieces {
  first: string;
  /** Undefined: the first piece is all there is. */
  last: string | undefined;
  between: string[];
}

function piecesOf(sequence: PatternPart[]): Pieces {
  const pieces = [''];
  for (const part of sequence) {
    if (part.kind === 'text') pieces.push(`${pieces.pop() ?? ''}${part.text}`);
    else pieces.push('');
  }
  const [first = '', ...others] = pieces;
  return { first, last: others.at(-1), between: others.slice(0, -1).filter((piece) => piece !== '') };
}

function piecesMatch({ first, last, between }: Pieces, text: string, budget: Budget): boolean {
  if (!spend(budget, first.length + (last?.length ?? 0))) return false;
  if (last === undefined) return text === first;
  const to = text.length - last.length;
  if (to < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const piece of between) {
    const at = indexIn(text, piece, { from, to, budget });
    if (at === -1) return false;
    from = at + piece.length;
  }
  return true;
}

/** `indexOf` within bounds, each comparison counted: the built-in one can be made quadratic without anybody noticing. */
function indexIn(
  text: string,
  piece: string,
  { from, to, budget }: { from: number; to: number; budget: Budget },
): number {
  for (let at = from; at + piece.length <= to; at++) {
    let same = 0;
    while (same < piece.length && text.charCodeAt(at + same) === piece.charCodeAt(same)) same++;
    if (!spend(budget, same + 1)) return -1;
    if (same === piece.length) return at;
  }
  return -1;
}

/**
 * A pattern becomes a small program that is run over the text with the set of all places it could be at, so the time
 * is text length × pattern length whatever the author wrote: a backtracking matcher would let `(a|a|*)*…` stall a turn.
 */
type Operation =
  | { do: 'char'; char: string }
  | { do: 'any' }
  | { do: 'split'; to: number[] }
  | { do: 'jump'; to: number }
  | { do: 'match' };

function assemble(program: Operation[], alternatives: Pattern): void {
  const split: number[] = [];
  const ends: { do: 'jump'; to: number }[] = [];
  if (alternatives.length > 1) program.push({ do: 'split', to: split });
  for (const sequence of alternatives) {
    split.push(program.length);
    for (const part of sequence) assemblePart(program, part);
    if (alternatives.length === 1) continue;
    const end = { do: 'jump' as const, to: 0 };
    ends.push(end);
    program.push(end);
  }
  for (const end of ends) end.to = program.length;
}

function assemblePart(program: Operation[], part: PatternPart): void {
  if (part.kind === 'any') program.push({ do: 'any' });
  else if (part.kind === 'group') assemble(program, part.alternatives);
  else for (let at = 0; at < part.text.length; at++) program.push({ do: 'char', char: part.text.charAt(at) });
}

function programOf(sequence: PatternPart[]): Operation[] {
  const program: Operation[] = [];
  assemble(program, [sequence]);
  program.push({ do: 'match' });
  return program;
}

function run(program: Operation[], text: string, budget: Budget): boolean {
  if (!spend(budget, program.length)) return false;
  const seen = new Int32Array(program.length).fill(-1);
  let places = reach({ program, seen, from: [0], at: 0, budget });
  for (let at = 0; at < text.length && places.length > 0; at++) {
    const char = text.charAt(at);
    const from: number[] = [];
    for (const place of places) {
      const operation = program[place];
      if (operation?.do === 'any') from.push(place);
      else if (operation?.do === 'char' && operation.char === char) from.push(place + 1);
    }
    places = reach({ program, seen, from, at: at + 1, budget });
  }
  return places.some((place) => program[place]?.do === 'match');
}

interface Reaching {
  program: Operation[];
  seen: Int32Array;
  from: number[];
  at: number;
  budget: Budget;
}

/** A step of this kind takes some five times as long as a comparison. */
const stepsPerPlace = 5;

/** All places reachable without reading a character; none once the budget is used up. `seen` keeps each place to one visit per character. */
function reach({ program, seen, from, at, budget }: Reaching): number[] {
  const places: number[] = [];
  const open = from;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (!spend(budget, stepsPerPlace)) return [];
    if (seen[place] === at) continue;
    seen[place] = at;
    const operation = program[place];
    if (operation?.do === 'split') open.push(...operation.to);
    else if (operation?.do === 'jump') open.push(operation.to);
    else {
      places.push(place);
      if (operation?.do === 'any') open.push(place + 1);
    }
  }
  return places;
}

function literalsOf(alternatives: Pattern): number {
  return Math.min(...alternatives.map((sequence) => sequence.reduce((sum, part) => sum + literalsOfPart(part), 0)));
}

function literalsOfPart(part: PatternPart): number {
  if (part.kind === 'text') return part.text.length;
  return part.kind === 'any' ? 0 : literalsOf(part.alternatives);
}
