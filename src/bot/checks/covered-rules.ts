import type { Rule } from '../document.ts';

/** Of an interaction with hundreds of rules each is compared with so many: a mistake is found where people look. */
const mostEarlier = 50;

/** The rule before this one that takes all that it would; undefined: there is none. Rules of calls are compared with each other only. */
export function coveredBy(rules: readonly Rule[], at: number): Rule | undefined {
  const rule = rules[at];
  return rule && rules.slice(0, Math.min(at, mostEarlier)).find((earlier) => covers(earlier, rule));
}

/** What holds while nothing else is asked of the reply. */
function covers(earlier: Rule, { when, variables = [], variables_match }: Rule): boolean {
  const { variables: asked = [] } = earlier;
  const isAsked = asked.length > 0;
  if (isAsked && (!isSame(asked, variables) || earlier.variables_match !== variables_match)) return false;
  if (!earlier.when || !when) return false;
  return isSame(earlier.when, when) || coversReplies(earlier.when, when);
}

type When = NonNullable<Rule['when']>;

function coversReplies(earlier: When, later: When): boolean {
  if (!isAboutReplies(later)) return false;
  if (earlier.match === 'regex') return takesAll(earlier.regex);
  if (earlier.match !== 'pattern' || (earlier.exclude ?? []).length > 0) return false;
  const patterns = patternsOf(earlier);
  if (patterns.has('*')) return true;
  return later.match === 'pattern' && later.patterns.every((pattern) => patterns.has(plain(pattern)));
}

/** Conditions on what was said that are tried in their order. */
function isAboutReplies({ match }: When): boolean {
  return match === 'pattern' || match === 'regex' || match === 'exact' || match === 'option';
}

/** Such as `.*`, `^.+$` and `(.*)`. */
const takesAll = (regex: string): boolean => /^\^?\(?(?:\.|\[\\s\\S\])[*+]\)?\$?$/.test(regex);

const known = new WeakMap<object, ReadonlySet<string>>();

/** Made once, however many rules come after. */
function patternsOf(when: Extract<When, { match: 'pattern' }>): ReadonlySet<string> {
  const patterns = known.get(when) ?? new Set(when.patterns.map(plain));
  known.set(when, patterns);
  return patterns;
}

const plain = (pattern: string): string => pattern.trim().toLowerCase();

const texts = new WeakMap<object, string>();

/** Written once each: a rule may have hundreds of long patterns. */
function textOf(value: object): string {
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text;
}

const isSame = (one: object, other: object): boolean => textOf(one) === textOf(other);
