import type { Entity } from '../bot/document.ts';
import type { RecognisedEntity } from './recognition.ts';
import { type Segment, segmentsOf } from './words.ts';

/** Finds values of the list entities in a text, in the order of the text. */
export type EntityFinder = (text: string) => RecognisedEntity[];

/** Segments of a phrase: words and what is between them. */
const longestPhrase = 60;
const mostFound = 50;

interface Value {
  entity: string;
  value: string;
}

/**
 * Compiles values and synonyms once. They are found as whole words, whatever their case, and of those that begin at the
 * same place the longest counts; two entities may find the same words.
 */
export function createEntityFinder(entities: readonly Entity[], language: string): EntityFinder {
  const values = new Map<string, Value[]>();
  let longest = 0;
  const add = (phrase: string, value: Value): void => {
    const segments = segmentsOf(phrase.trim(), language);
    if (segments.length === 0 || segments.length > longestPhrase) return;
    longest = Math.max(longest, segments.length);
    const key = keyOf(segments);
    const same = values.get(key) ?? [];
    if (!same.some(({ entity }) => entity === value.entity)) values.set(key, [...same, value]);
  };
  for (const entity of entities) {
    if (entity.type !== 'list') continue;
    for (const { value, synonyms = [] } of entity.values)
      for (const phrase of [value, ...synonyms]) add(phrase, { entity: entity.name, value });
  }
  return (text) => (longest === 0 ? [] : find(values, segmentsOf(text, language), longest));
}

function find(values: ReadonlyMap<string, Value[]>, segments: readonly Segment[], longest: number): RecognisedEntity[] {
  const found: RecognisedEntity[] = [];
  /** Up to where each entity has taken words already. */
  const taken = new Map<string, number>();
  const take = (from: number, { to, phrase, here }: Stretch): void => {
    for (const { entity, value } of here) {
      if ((taken.get(entity) ?? 0) > from) continue;
      taken.set(entity, from + to);
      found.push({ entity, value, phrase });
    }
  };
  for (let from = 0; from < segments.length && found.length < mostFound; from++)
    for (const stretch of valuesAt(values, segments.slice(from, from + longest)).reverse()) take(from, stretch);
  return found.slice(0, mostFound);
}

interface Stretch {
  /** Segments. */
  to: number;
  phrase: string;
  here: readonly Value[];
}

/** The values that these segments begin with, the shortest first. */
function valuesAt(values: ReadonlyMap<string, Value[]>, segments: readonly Segment[]): Stretch[] {
  const found: Stretch[] = [];
  let key = '';
  let phrase = '';
  segments.forEach(({ folded, written }, at) => {
    key += folded;
    phrase += written;
    const here = values.get(key);
    if (here) found.push({ to: at + 1, phrase, here });
  });
  return found;
}

function keyOf(segments: readonly Segment[]): string {
  return segments.map(({ folded }) => folded).join('');
}
