import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Row {
  model: string;
  id: string;
  payload: AdapterPayload;
  /** Epoch milliseconds. */
  expiresAt?: number | undefined;
}

/** What the provider remembers: clients, sessions, grants and tokens; in memory and, if asked for, in one file. */
export interface Records {
  adapter(model: string): Adapter;
  put(row: Row): void;
  /** Removes every row the test accepts; gives their number. */
  remove(test: (row: Row) => boolean): number;
  rows(): Row[];
  /** Writes what is still unwritten. */
  flush(): void;
}

/** A file keeps sign-ins over a restart, so that a bot's permission is not lost with the demo's process. */
export function createRecords(file?: string): Records {
  const rows = new Map<string, Row>(read(file).map((row) => [keyOf(row.model, row.id), row]));
  let dirty = false;

  function flush(): void {
    if (!file || !dirty) return;
    dirty = false;
    for (const [key, row] of rows) if (isOver(row)) rows.delete(key);
    writeFileSync(`${file}.new`, JSON.stringify([...rows.values()]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  function changed(): void {
    if (!file || dirty) return;
    dirty = true;
    setImmediate(flush);
  }

  function remove(test: (row: Row) => boolean): number {
    const gone = [...rows].filter(([, row]) => test(row));
    for (const [key] of gone) rows.delete(key);
    if (gone.length > 0) changed();
    return gone.length;
  }

  const search = (model: string, test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...rows.values()].find((row) => row.model === model && !isOver(row) && test(row.payload))?.payload;

  const adapter = (model: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn === undefined ? undefined : Date.now() + expiresIn * 1000;
      rows.set(keyOf(model, id), { model, id, payload, expiresAt });
      changed();
    },
    async find(id) {
      const row = rows.get(keyOf(model, id));
      return row && !isOver(row) ? row.payload : undefined;
    },
    findByUid: async (uid) => search(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => search(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const row = rows.get(keyOf(model, id));
      if (row) row.payload.consumed = Math.floor(Date.now() / 1000);
      changed();
    },
    async destroy(id) {
      remove((row) => row.model === model && row.id === id);
    },
    async revokeByGrantId(grantId) {
      remove((row) => row.payload.grantId === grantId);
    },
  });

  return {
    adapter,
    put(row) {
      rows.set(keyOf(row.model, row.id), row);
      changed();
    },
    remove,
    rows: () => [...rows.values()],
    flush,
  };
}

function keyOf(model: string, id: string): string {
  return `${model} ${id}`;
}

function isOver(row: Row): boolean {
  return row.expiresAt !== undefined && row.expiresAt <= Date.now();
}

/** A file that is missing or half written is an empty one: the demo starts in any case. */
function read(file: string | undefined): Row[] {
  if (!file) return [];
  try {
    const rows: Row[] = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(rows) ? rows : [];
  } catch {
    return [];
  }
}
