import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Problem } from '../world/problem.ts';
import { type Log, silentLog } from '../world/world.ts';
import { checkBoundValues } from './bound-value.ts';
import type { Database, Transaction, Value } from './database.ts';
import { createGroupCommit, type GroupCommit, type Writer } from './group-commit.ts';
import { checkReadOnly } from './read-only.ts';
import { createStatementCache } from './statement-cache.ts';
import { UniqueViolation } from './unique-violation.ts';

const memory = ':memory:';
const cachedStatements = 500;
/** How long another process (`errand keys`, `errand admin`) may hold the write lock, in ms. */
const busyTimeout = 5_000;

type Fault = (error: unknown) => unknown;
type Prepare = (sql: string) => StatementSync;

/**
 * The embedded store: `node:sqlite`, write-ahead log, `synchronous=FULL`, one writing connection with group commit and
 * one reading connection, which sees committed data only. `file` may be `:memory:`; then one connection does both. A read
 * waits where somebody acts on what is about to be committed: he would miss what he was told of. What `beforeCommit` throws
 * fails the commit, as a full disk does; only tests give one.
 */
export function openSqlite(at: { file: string; log?: Log; beforeCommit?: () => void }): Database {
  const fault = createFault(at.log ?? silentLog);
  const connection = openConnection(at.file);
  const reader = at.file === memory ? connection : new DatabaseSync(at.file, { readOnly: true, timeout: busyTimeout });
  const read = createStatementCache(reader, cachedStatements);
  const group = createGroupCommit(createWriter(connection, fault, at.beforeCommit));
  let open = true;

  async function reading(sql: string, values: Value[]): Promise<StatementSync> {
    if (group.heardEarly()) await group.idle();
    return await readingDurable(sql, values);
  }

  async function readingDurable(sql: string, values: Value[]): Promise<StatementSync> {
    assertOpen();
    checkReadOnly(sql);
    checkBoundValues(values);
    if (reader === connection) await group.idle();
    return read(sql);
  }

  function assertOpen(): void {
    if (!open) throw new Problem('unavailable', 'The database is closed.');
  }

  return {
    kind: 'sqlite',
    all: async <R>(sql: string, ...values: Value[]) => rowsOf<R>((await reading(sql, values)).all(...values)),
    get: async <R>(sql: string, ...values: Value[]) => rowOf<R>((await reading(sql, values)).get(...values)),
    getDurable: async <R>(sql: string, ...values: Value[]) =>
      rowOf<R>((await readingDurable(sql, values)).get(...values)),
    async write(work, early) {
      assertOpen();
      return group.write(work, early);
    },
    async close() {
      if (!open) return;
      open = false;
      await closeAll(group, [reader, connection]);
    },
  };
}

function openConnection(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: busyTimeout, enableForeignKeyConstraints: true });
  // On macOS a plain fsync does not reach the disk; elsewhere `fullfsync` changes nothing.
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;');
  // 16 MB of log instead of 4: pages that many turns write are copied to the file, with two more fsyncs, less often.
  connection.exec('PRAGMA wal_autocheckpoint = 4000;');
  return connection;
}

async function closeAll(group: GroupCommit, connections: DatabaseSync[]): Promise<void> {
  await group.drained();
  for (const connection of connections) if (connection.isOpen) connection.close();
}

function createWriter(connection: DatabaseSync, fault: Fault, beforeCommit = () => {}): Writer {
  const prepare = createStatementCache(connection, cachedStatements);
  const command = (sql: string) => {
    const statement = connection.prepare(sql);
    return () => {
      try {
        statement.run();
      } catch (error) {
        throw fault(error);
      }
    };
  };
  const commit = command('COMMIT');
  return {
    begin: command('BEGIN IMMEDIATE'),
    commit() {
      beforeCommit();
      commit();
    },
    rollback: command('ROLLBACK'),
    savepoint: command('SAVEPOINT work'),
    releaseSavepoint: command('RELEASE work'),
    rollbackToSavepoint: command('ROLLBACK TO work'),
    inTransaction: () => connection.isTransaction,
    openTransaction: () => openTransaction(prepare, fault),
  };
}

function openTransaction(prepare: Prepare, fault: Fault): { tx: Transaction; failure(): unknown; end(): void } {
  let open = true;
  let failure: unknown;

  function attempt<T>(sql: string, values: Value[], use: (statement: StatementSync) => T): T {
    if (!open) throw new Error('The transaction is over.');
    if (failure !== undefined) throw failure;
    try {
      checkBoundValues(values);
      return use(prepare(sql));
    } catch (error) {
      failure = fault(error);
      throw failure;
    }
  }

  const tx: Transaction = {
    all: async <R>(sql: string, ...values: Value[]) => attempt(sql, values, (s) => rowsOf<R>(s.all(...values))),
    get: async <R>(sql: string, ...values: Value[]) => attempt(sql, values, (s) => rowOf<R>(s.get(...values))),
    run: async (sql, ...values) => attempt(sql, values, (s) => Number(s.run(...values).changes)),
  };
  const end = () => {
    open = false;
  };
  return { tx, failure: () => failure, end };
}

/** SQLite's primary result codes after which the statement was right and the store is not: busy, locked, read-only, I/O, full. */
const unavailableCodes = new Set([5, 6, 8, 10, 13, 14]);
/** Extended codes of a UNIQUE and a PRIMARY KEY that is taken. */
const uniqueCodes = new Set([2067, 1555]);
const fsyncFailed = 1034;

function createFault(log: Log): Fault {
  return (error) => {
    const code = sqliteCode(error);
    if (code === undefined) return error;
    if (uniqueCodes.has(code)) return new UniqueViolation(error);
    if (!unavailableCodes.has(code & 0xff)) return error;
    // After a failed fsync the page cache may show what the disk does not have; only a fresh process reads the truth.
    const hint =
      code === fsyncFailed ? 'the disk did not take a write: restart the server' : 'the database does not take writes';
    log.error({ err: error, sqlite_code: code }, hint);
    return new Problem('unavailable', 'The database is not available at the moment.');
  };
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** A cast, because a row's shape is what the statement selects, which only its author knows. */
function rowsOf<R>(rows: unknown[]): R[] {
  return rows as R[];
}

/** A cast for the same reason, of a row that may be missing. */
function rowOf<R>(row: unknown): R | undefined {
  return row as R | undefined;
}
