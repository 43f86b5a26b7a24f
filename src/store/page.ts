import { Problem } from '../world/problem.ts';
import type { Database, Value } from './database.ts';

/** Anything that reads: a transaction, or the database outside of one. */
export type Reader = Pick<Database, 'all' | 'get'>;

export interface PageRequest {
  /** 1 to 200, default 50. */
  limit?: number;
  /** The `next` of the page before. */
  after?: string;
}

export interface Page<T> {
  items: T[];
  /** Null at the end. */
  next: string | null;
}

interface Listed {
  id: string;
  created_at: number;
}

/**
 * One page of a collection, oldest first. `select` ends in a WHERE clause that names the account; `values` fill it.
 * A page starts after the last row of the one before, so rows that come or go in between shift nothing.
 */
export async function readPage<R extends Listed>(
  on: Reader,
  query: { select: string; values: Value[]; page: PageRequest },
): Promise<Page<R>> {
  const limit = Math.min(Math.max(query.page.limit ?? 50, 1), 200);
  const [at, id] = startOf(query.page.after);
  const rows = await on.all<R>(
    `${query.select} AND (created_at > ? OR (created_at = ? AND id > ?)) ORDER BY created_at, id LIMIT ?`,
    ...query.values,
    at,
    at,
    id,
    limit + 1,
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? `${last.created_at}.${last.id}` : null };
}

/** The same page with each row turned into what the caller shows. */
export function mapPage<R, T>(page: Page<R>, turn: (row: R) => T): Page<T> {
  return { items: page.items.map(turn), next: page.next };
}

/** The cursor of a list that is numbered: the number of the last one seen, or undefined on the first page. */
export function numberOf(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (!/^\d{1,15}$/.test(after)) throw wrongCursor();
  return Number(after);
}

const wrongCursor = () =>
  new Problem('invalid_body', 'The cursor is not one of this list.', [
    { pointer: '/after', detail: 'Use the `next` of the page before.' },
  ]);

function startOf(after: string | undefined): [number, string] {
  if (after === undefined) return [-1, ''];
  const [, at, id] = /^(\d{1,15})\.(.{1,200})$/.exec(after) ?? [];
  if (at === undefined || id === undefined) throw wrongCursor();
  return [Number(at), id];
}
