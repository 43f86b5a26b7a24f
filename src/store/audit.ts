import { type AuditEntry, auditHash, canonicalJson, genesisHash } from './audit-chain.ts';
import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { numberOf, type Page, type PageRequest, type Reader } from './page.ts';

export interface AuditRecord extends AuditEntry {
  previous_hash: string;
  hash: string;
}

/** Where a chain ends. Kept outside of the database it is the anchor that shows a cut tail and a chain written anew. */
export interface AuditHead {
  seq: number;
  hash: string;
}

export type AuditVerdict =
  | { intact: true; entries: number; head: AuditHead }
  | {
      intact: false;
      entries: number;
      first_bad_seq: number;
      why: 'missing' | 'changed' | 'out_of_place' | 'not_the_anchor';
    };

type Stored = Omit<AuditRecord, 'details'> & { details: string };

const columns = 'account_id, seq, at, actor, action, subject, details, previous_hash, hash';
const pageOfCheck = 500;

/**
 * Appends to the account's chain, in the transaction of the action itself: what cannot be recorded does not happen
 * (DP-11). Writers of the same account wait for each other at the head's row until they commit, so call it last.
 */
export async function appendAudit(tx: Transaction, entry: Omit<AuditEntry, 'seq'>): Promise<AuditRecord> {
  await tx.run(
    'INSERT INTO audit_head (account_id, seq, hash) VALUES (?, 0, ?) ON CONFLICT DO NOTHING',
    entry.account_id,
    genesisHash,
  );
  const head = await tx.get<AuditHead>(
    'UPDATE audit_head SET seq = seq + 1 WHERE account_id = ? RETURNING seq, hash',
    entry.account_id,
  );
  if (head === undefined) throw new Error('The audit of the account has no head.');
  const numbered = { ...entry, seq: head.seq };
  const record: AuditRecord = { ...numbered, previous_hash: head.hash, hash: auditHash(head.hash, numbered) };
  await tx.run(
    `INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    record.account_id,
    record.seq,
    record.at,
    record.actor,
    record.action,
    record.subject,
    canonicalJson(record.details),
    record.previous_hash,
    record.hash,
  );
  await tx.run('UPDATE audit_head SET hash = ? WHERE account_id = ?', record.hash, record.account_id);
  return record;
}

/** Newest first; `after` is the seq of the last one seen. */
export async function listAudit(on: Reader, account_id: string, page: PageRequest = {}): Promise<Page<AuditRecord>> {
  const limit = Math.min(Math.max(page.limit ?? 50, 1), 200);
  const before = numberOf(page.after) ?? Number.MAX_SAFE_INTEGER;
  const rows = await on.all<Stored>(
    `SELECT ${columns} FROM audit WHERE account_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    account_id,
    before,
    limit + 1,
  );
  const items = rows.slice(0, limit).map(parse);
  return { items, next: rows.length > limit ? String(items.at(-1)?.seq) : null };
}

/** The end of the account's chain, to be kept elsewhere. */
export async function auditHead(on: Reader, account_id: string): Promise<AuditHead> {
  const head = await on.get<AuditHead>('SELECT seq, hash FROM audit_head WHERE account_id = ?', account_id);
  return head ?? { seq: 0, hash: genesisHash };
}

/**
 * Walks the chain and names the first entry that is missing, changed or out of place. The chain alone cannot show that
 * it was cut together with its head, or written anew as a whole: for that, pass an `anchor` that was kept elsewhere.
 */
export async function verifyAudit(on: Reader, account_id: string, anchor?: AuditHead): Promise<AuditVerdict> {
  const head = await auditHead(on, account_id);
  let last: AuditHead = { seq: 0, hash: genesisHash };
  for (;;) {
    const rows = await on.all<Stored>(
      `SELECT ${columns} FROM audit WHERE account_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
      account_id,
      last.seq,
      pageOfCheck,
    );
    for (const row of rows) {
      const why = faultOf(row, last, [head, ...(anchor === undefined ? [] : [anchor])]);
      const first_bad_seq = why === 'missing' ? last.seq + 1 : row.seq;
      if (why !== undefined) return { intact: false, entries: last.seq, first_bad_seq, why };
      last = { seq: row.seq, hash: row.hash };
    }
    if (rows.length < pageOfCheck) break;
  }
  // Read before the walk, so entries that came in meanwhile are beyond it and no fault.
  const expected = Math.max(head.seq, anchor?.seq ?? 0);
  if (last.seq < expected) return { intact: false, entries: last.seq, first_bad_seq: last.seq + 1, why: 'missing' };
  return { intact: true, entries: last.seq, head: last };
}

function faultOf(row: Stored, last: AuditHead, anchors: AuditHead[]) {
  if (row.seq !== last.seq + 1) return 'missing';
  if (row.previous_hash !== last.hash) return 'out_of_place';
  if (row.hash !== hashOfStored(row)) return 'changed';
  if (anchors.some((anchor) => anchor.seq === row.seq && anchor.hash !== row.hash)) return 'not_the_anchor';
  return undefined;
}

function hashOfStored(row: Stored): string | undefined {
  try {
    return auditHash(row.previous_hash, parse(row));
  } catch {
    return undefined; // the details are no longer JSON: changed
  }
}

function parse(row: Stored): AuditRecord {
  return { ...row, details: jsonColumn<AuditRecord['details']>(row.details) };
}
