import { Problem } from '../world/problem.ts';

/** A row with that key is there already. Both stores throw it, and the transaction it happened in is undone. */
export class UniqueViolation extends Error {
  constructor(cause: unknown) {
    super('a row with that key is there already', { cause });
    this.name = 'UniqueViolation';
  }
}

/** Answers a unique violation of `statement` as a conflict that says what to do about it. */
export async function orConflict<T>(statement: Promise<T>, detail: string): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw error instanceof UniqueViolation ? new Problem('conflict', detail) : error;
  }
}
