/**
 * The one door to SQL. Both stores run the same statements: `?` placeholders, TEXT and BIGINT columns only (times in
 * epoch milliseconds, JSON and sealed secrets as text, truth as 0 or 1), `RETURNING` and `ON CONFLICT` allowed.
 */
export type Value = string | number | null;
export type Row = Record<string, Value>;

/** Statements inside one transaction. */
export interface Transaction {
  all<R = Row>(sql: string, ...values: Value[]): Promise<R[]>;
  /** The first row, or undefined. */
  get<R = Row>(sql: string, ...values: Value[]): Promise<R | undefined>;
  /** How many rows were changed. */
  run(sql: string, ...values: Value[]): Promise<number>;
}

export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  /** Reads outside any transaction; sees committed data only. */
  all<R = Row>(sql: string, ...values: Value[]): Promise<R[]>;
  get<R = Row>(sql: string, ...values: Value[]): Promise<R | undefined>;
  /** The same of what is durable by now: it does not wait for what somebody has heard of early. */
  getDurable<R = Row>(sql: string, ...values: Value[]): Promise<R | undefined>;
  /**
   * Runs `work` in a transaction and resolves when it is durable (`synchronous=FULL`, or PostgreSQL's commit).
   * On SQLite the writes of one tick share a commit, each in a savepoint of its own: a work that throws undoes only
   * itself. So `work` may await nothing but its transaction: anything else would hold up every other writer.
   *
   * `early` hears what came of the work before it is durable, where the store can tell: what is then written at once
   * shares its commit. Reads wait for that commit, and so must everything that others get to see. It may not throw.
   */
  write<T>(work: (tx: Transaction) => Promise<T>, early?: (value: T) => void): Promise<T>;
  close(): Promise<void>;
}
