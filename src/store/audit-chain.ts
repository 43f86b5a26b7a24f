import { createHash } from 'node:crypto';
import type { Json } from '../world/json.ts';

/** One line of an account's audit: who did what to what. Never holds a secret. */
export interface AuditEntry {
  account_id: string;
  /** 1, 2, 3, … within the account. */
  seq: number;
  /** Epoch milliseconds. */
  at: number;
  /** Who: `key:<id>`, `admin`, `conversation:<id>`, `system`. */
  actor: string;
  /** What, such as `credential.created`. */
  action: string;
  /** On what: the id of a row. */
  subject: string;
  details: Json;
}

/** The previous hash of an account's first entry. */
export const genesisHash = '0'.repeat(64);

/**
 * SHA-256, in hex, over the previous entry's hash and this entry as canonical JSON. Anyone who has the rows can
 * recompute the chain: an edit, a gap or a swap breaks every hash after it (DP-09).
 */
export function auditHash(previousHash: string, entry: AuditEntry): string {
  const { account_id, seq, at, actor, action, subject, details } = entry;
  const text = canonicalJson({ account_id, seq, at, actor, action, subject, details });
  return createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
}

/** JSON with sorted keys and no spaces, so that the same value is the same text everywhere (after RFC 8785). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
