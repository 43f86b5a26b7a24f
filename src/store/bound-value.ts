import { Problem } from '../world/problem.ts';
import type { Value } from './database.ts';

/**
 * Refuses what the two stores would take differently: PostgreSQL has no U+0000 in text, and a fraction in a BIGINT
 * column is an error there and a silent real in SQLite.
 */
export function checkBoundValues(values: readonly Value[]): void {
  for (const value of values) {
    if (typeof value === 'string') {
      if (value.includes('\0')) throw new Problem('invalid_body', 'Text must not contain the character U+0000.');
    } else if (value !== null && !Number.isSafeInteger(value)) {
      throw new TypeError(`A bound value must be text, a whole number or null, not ${typeof value} ${String(value)}.`);
    }
  }
}
