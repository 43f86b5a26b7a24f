import pg from 'pg';
import { Problem } from '../world/problem.ts';
import type { Log } from '../world/world.ts';
import { checkBoundValues } from './bound-value.ts';
import type { Database, Transaction, Value } from './database.ts';
import { numberedPlaceholders } from './numbered-placeholders.ts';
import { checkReadOnly } from './read-only.ts';
import { UniqueViolation } from './unique-violation.ts';

/** Statements that get a name of their own on each connection; texts beyond that run unnamed, so nothing grows without bound. */
const namedStatements = 1_000;
/** A commit that takes longer than this holds row locks for too long, in ms. */
const statementTimeout = 15_000;

type Runner = Pick<pg.Pool | pg.PoolClient, 'query'>;
interface Prepared {
  name?: string;
  text: string;
}
type Prepare = (sql: string) => Prepared;
type Fault = (error: unknown) => unknown;

/** The grown store: a pool of connections, one per `write` for its transaction. Nothing is retried here. */
export function openPostgres(at: { url: string; log: Log; connections?: number }): Database {
  const fault = createFault(at.log);
  const pool = openPool(at);
  const prepare = createPrepare();
  let closing: Promise<void> | undefined;

  async function reading(sql: string, values: Value[]) {
    if (closing) throw new Problem('unavailable', 'The database is closed.');
    checkReadOnly(sql);
    return query({ on: pool, prepare, fault }, sql, values);
  }

  const get = async <R>(sql: string, ...values: Value[]) => rowsOf<R>((await reading(sql, values)).rows)[0];

  return {
    kind: 'postgres',
    all: async <R>(sql: string, ...values: Value[]) => rowsOf<R>((await reading(sql, values)).rows),
    get,
    getDurable: get,
    async write(work, early) {
      if (closing) throw new Problem('unavailable', 'The database is closed.');
      const value = await inTransaction({ client: await connect(pool, fault), prepare, fault }, work);
      early?.(value);
      return value;
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

function openPool(at: { url: string; log: Log; connections?: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: at.url,
    max: at.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: statementTimeout,
    types: { getTypeParser: columnParser },
  });
  // Without a handler on the pool and on each client, a connection that dies would end the process.
  const died = (error: Error) => at.log.warn({ err: error }, 'a database connection was lost');
  pool.on('error', died);
  pool.on('connect', (client) => client.on('error', died));
  return pool;
}

async function connect(pool: pg.Pool, fault: Fault): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw fault(error);
  }
}

interface Held {
  client: pg.PoolClient;
  prepare: Prepare;
  fault: Fault;
}

async function inTransaction<T>({ client, prepare, fault }: Held, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const { tx, end } = openTransaction(client, prepare, fault);
  try {
    await client.query('BEGIN');
    const value = await work(tx);
    end();
    // A transaction in which a statement failed answers COMMIT with ROLLBACK, even when the work caught the failure.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('A statement of the transaction failed, so all of it was undone.');
    client.release();
    return value;
  } catch (error) {
    end();
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw fault(error);
  }
}

function openTransaction(on: Runner, prepare: Prepare, fault: Fault): { tx: Transaction; end(): void } {
  let open = true;
  const run = async (sql: string, values: Value[]) => {
    if (!open) throw new Error('The transaction is over.');
    return query({ on, prepare, fault }, sql, values);
  };
  const tx: Transaction = {
    all: async <R>(sql: string, ...values: Value[]) => rowsOf<R>((await run(sql, values)).rows),
    get: async <R>(sql: string, ...values: Value[]) => rowsOf<R>((await run(sql, values)).rows)[0],
    run: async (sql, ...values) => (await run(sql, values)).rowCount ?? 0,
  };
  const end = () => {
    open = false;
  };
  return { tx, end };
}

async function query(parts: { on: Runner; prepare: Prepare; fault: Fault }, sql: string, values: Value[]) {
  checkBoundValues(values);
  try {
    return await parts.on.query({ ...parts.prepare(sql), values });
  } catch (error) {
    throw parts.fault(error);
  }
}

function createPrepare(): Prepare {
  const known = new Map<string, Prepared>();
  return (sql) => {
    const prepared = known.get(sql);
    if (prepared !== undefined) return prepared;
    const text = numberedPlaceholders(sql);
    if (known.size >= namedStatements) return { text };
    const named = { name: `s${known.size + 1}`, text };
    known.set(sql, named);
    return named;
  };
}

/** Type ids of the results: bool, int8, int2, int4, numeric. Everything else is text. */
const oid = { bool: 16, int8: 20, int2: 21, int4: 23, numeric: 1700 };

/** Results as SQLite gives them: whole numbers as numbers, truth as 0 or 1. */
function columnParser(type: number): (text: string) => Value {
  if (type === oid.bool) return (text) => (text === 't' ? 1 : 0);
  if (type === oid.int8 || type === oid.int2 || type === oid.int4 || type === oid.numeric) return wholeNumber;
  return (text) => text;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is not a whole number that JavaScript can hold.`);
  return number;
}

/**
 * Classes of SQLSTATE that say the server cannot serve now: connection, refused to this user, no such database, deadlock,
 * resources, not in the state for it (a database that takes no connections), operator intervention, I/O.
 */
const unavailableClasses = new Set(['08', '28', '3D', '40', '53', '55', '57', '58']);

function createFault(log: Log): Fault {
  return (error) => {
    if (!(error instanceof Error) || error instanceof Problem || error instanceof UniqueViolation) return error;
    const state = error instanceof pg.DatabaseError ? error.code : undefined;
    if (state === '23505') return new UniqueViolation(error);
    if (!(state === undefined ? isConnectionError(error) : unavailableClasses.has(state.slice(0, 2)))) return error;
    log.error({ err: error }, 'the database is not available');
    return new Problem('unavailable', 'The database is not available at the moment.');
  };
}

/** What `pg` and the socket throw when there is no server at the other end; `pg` gives its own no code. */
function isConnectionError(error: Error): boolean {
  if ('syscall' in error || error instanceof AggregateError) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}

/** The one cast of this store: the row's shape is what the statement selects, which only its author knows. */
function rowsOf<R>(rows: unknown[]): R[] {
  return rows as R[];
}
