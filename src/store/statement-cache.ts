import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Prepares each SQL text once. Bounded, least recently used first out: a text built at run time must not grow the process. */
export function createStatementCache(database: DatabaseSync, limit: number): (sql: string) => StatementSync {
  const prepared = new Map<string, StatementSync>();
  let newest = '';
  return (sql) => {
    const known = prepared.get(sql);
    if (known !== undefined) {
      if (sql !== newest) {
        prepared.delete(sql);
        prepared.set(sql, known);
        newest = sql;
      }
      return known;
    }
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    newest = sql;
    if (prepared.size > limit) {
      const [oldest] = prepared.keys();
      if (oldest !== undefined) prepared.delete(oldest);
    }
    return statement;
  };
}
