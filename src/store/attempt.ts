import type { Database, Transaction, Value } from './database.ts';

export type AttemptStatus =
  | 'offered'
  | 'bound'
  | 'redirected'
  | 'exchanging'
  | 'quarantined'
  | 'granted'
  | 'expired'
  | 'cancelled'
  | 'superseded'
  | 'declined'
  | 'failed'
  | 'rejected';

/** One try to get the consumer's permission. `verifier` and `quarantine` are sealed; the link and the codes are never stored. */
export interface AttemptRow {
  id: string;
  account_id: string;
  conversation_id: string;
  bot_id: string;
  credential_id: string;
  credential_version: number;
  identity_provider_id: string;
  identity_provider_version: number;
  /** The conversation's generation when it was made: a sign-out since then makes it worthless. */
  generation: number;
  mode: 'managed' | 'recipe';
  interaction_id: string | null;
  scope: string;
  /** The brand's challenge it must meet, as JSON. */
  challenge: string | null;
  minimum_level: number;
  status: AttemptStatus;
  reason: string | null;
  version: number;
  bound_browser: string | null;
  bound_level: number | null;
  bound_method: string | null;
  state_hash: string | null;
  verifier: string | null;
  nonce: string | null;
  redirect_uri: string | null;
  quarantine: string | null;
  wrong_codes: number;
  created_at: number;
  expires_at: number;
  redirected_at: number | null;
  lease_until: number | null;
  ended_at: number | null;
}

const columns = `id, account_id, conversation_id, bot_id, credential_id, credential_version, identity_provider_id, identity_provider_version,
  generation, mode, interaction_id, scope, challenge, minimum_level, status, reason, version, bound_browser, bound_level, bound_method,
  state_hash, verifier, nonce, redirect_uri, quarantine, wrong_codes, created_at, expires_at, redirected_at, lease_until, ended_at`;

type Read = Pick<Database, 'all' | 'get'>;

export type NewAttempt = Pick<
  AttemptRow,
  | 'id'
  | 'account_id'
  | 'conversation_id'
  | 'bot_id'
  | 'credential_id'
  | 'credential_version'
  | 'identity_provider_id'
  | 'identity_provider_version'
  | 'generation'
  | 'mode'
  | 'interaction_id'
  | 'scope'
  | 'challenge'
  | 'minimum_level'
  | 'created_at'
  | 'expires_at'
>;

export async function insertAttempt(tx: Transaction, row: NewAttempt): Promise<void> {
  await tx.run(
    `INSERT INTO attempt (id, account_id, conversation_id, bot_id, credential_id, credential_version, identity_provider_id,
       identity_provider_version, generation, mode, interaction_id, scope, challenge, minimum_level, status, version, wrong_codes,
       created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'offered', 0, 0, ?, ?)`,
    row.id,
    row.account_id,
    row.conversation_id,
    row.bot_id,
    row.credential_id,
    row.credential_version,
    row.identity_provider_id,
    row.identity_provider_version,
    row.generation,
    row.mode,
    row.interaction_id,
    row.scope,
    row.challenge,
    row.minimum_level,
    row.created_at,
    row.expires_at,
  );
}

export function findAttempt(db: Pick<Read, 'get'>, id: string): Promise<AttemptRow | undefined> {
  return db.get<AttemptRow>(`SELECT ${columns} FROM attempt WHERE id = ?`, id);
}

export function findAttemptByState(db: Pick<Read, 'get'>, stateHash: string): Promise<AttemptRow | undefined> {
  return db.get<AttemptRow>(`SELECT ${columns} FROM attempt WHERE state_hash = ?`, stateHash);
}

/** The newest attempt of an account that this browser was proven for since `since`. */
export function newestAttemptOfBrowser(
  db: Pick<Read, 'get'>,
  browser: { account_id: string; hash: string; since: number },
): Promise<AttemptRow | undefined> {
  return db.get<AttemptRow>(
    `SELECT ${columns} FROM attempt WHERE bound_browser = ? AND account_id = ? AND created_at >= ?
     ORDER BY created_at DESC, id LIMIT 1`,
    browser.hash,
    browser.account_id,
    browser.since,
  );
}

/** Newest first. */
export function openAttemptsOf(db: Pick<Read, 'all'>, conversationId: string): Promise<AttemptRow[]> {
  return db.all<AttemptRow>(
    `SELECT ${columns} FROM attempt WHERE conversation_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id`,
    conversationId,
  );
}

/** Granted attempts of a conversation for one credential since `since`, newest first: what the loop guards look at. */
export function grantedSince(
  db: Pick<Read, 'all'>,
  query: { conversation_id: string; credential_id: string; since: number },
): Promise<AttemptRow[]> {
  return db.all<AttemptRow>(
    `SELECT ${columns} FROM attempt WHERE conversation_id = ? AND credential_id = ? AND status = 'granted' AND ended_at >= ?
     ORDER BY ended_at DESC`,
    query.conversation_id,
    query.credential_id,
    query.since,
  );
}

export async function countAttemptsSince(
  db: Pick<Read, 'get'>,
  conversationId: string,
  since: number,
): Promise<number> {
  const row = await db.get<{ n: number }>(
    'SELECT COUNT(*) AS n FROM attempt WHERE conversation_id = ? AND created_at >= ?',
    conversationId,
    since,
  );
  return Number(row?.n ?? 0);
}

/** Attempts whose time is over, or whose exchange lost its owner. */
export function dueAttempts(db: Pick<Read, 'all'>, now: number): Promise<AttemptRow[]> {
  return db.all<AttemptRow>(
    `SELECT ${columns} FROM attempt WHERE ended_at IS NULL AND (
       (status IN ('offered', 'bound', 'redirected') AND expires_at <= ?) OR
       (status IN ('exchanging', 'quarantined') AND lease_until <= ?)) ORDER BY expires_at LIMIT 200`,
    now,
    now,
  );
}

/** When the next open attempt falls due, or null. */
export async function nextAttemptDue(db: Pick<Read, 'get'>): Promise<number | null> {
  const row = await db.get<{ due: number | null }>(
    `SELECT MIN(CASE WHEN status IN ('exchanging', 'quarantined') THEN lease_until ELSE expires_at END) AS due
     FROM attempt WHERE ended_at IS NULL`,
  );
  return row?.due ?? null;
}

/** Columns a transition may set besides the status. */
export type AttemptChange = Partial<
  Pick<
    AttemptRow,
    | 'reason'
    | 'interaction_id'
    | 'bound_browser'
    | 'bound_level'
    | 'bound_method'
    | 'state_hash'
    | 'verifier'
    | 'nonce'
    | 'redirect_uri'
    | 'quarantine'
    | 'wrong_codes'
    | 'expires_at'
    | 'redirected_at'
    | 'lease_until'
    | 'ended_at'
  >
>;

const changeable: readonly (keyof AttemptChange)[] = [
  'reason',
  'interaction_id',
  'bound_browser',
  'bound_level',
  'bound_method',
  'state_hash',
  'verifier',
  'nonce',
  'redirect_uri',
  'quarantine',
  'wrong_codes',
  'expires_at',
  'redirected_at',
  'lease_until',
  'ended_at',
];

/** One compare-and-set on status and version; undefined for the loser, who must read who won before it says anything. */
export function moveAttempt(
  tx: Transaction,
  from: Pick<AttemptRow, 'id' | 'status' | 'version'>,
  to: { status: AttemptStatus; set: AttemptChange },
): Promise<AttemptRow | undefined> {
  const names = changeable.filter((name) => to.set[name] !== undefined);
  const values = names.map((name): Value => to.set[name] ?? null);
  const sets = names.map((name) => `, ${name} = ?`).join('');
  return tx.get<AttemptRow>(
    `UPDATE attempt SET status = ?, version = version + 1${sets} WHERE id = ? AND status = ? AND version = ? RETURNING ${columns}`,
    to.status,
    ...values,
    from.id,
    from.status,
    from.version,
  );
}

/** The same question again attaches to the open attempt. Not a move of the machine: an exchange under way must not lose by it. */
export async function reuseAttempt(
  tx: Transaction,
  id: string,
  set: { interaction_id: string; expires_at: number },
): Promise<void> {
  await tx.run(
    'UPDATE attempt SET interaction_id = ?, expires_at = ? WHERE id = ? AND ended_at IS NULL',
    set.interaction_id,
    set.expires_at,
    id,
  );
}

/** A browser that shows a code and is not proven yet. Only hashes: neither the code nor the cookie can be read from it. */
export interface AttemptBrowserRow {
  attempt_id: string;
  browser_hash: string;
  code_hash: string;
  created_at: number;
}

/** Adds a browser; of more than `most` the oldest ones make room. */
export async function putAttemptBrowser(tx: Transaction, row: AttemptBrowserRow, most: number): Promise<void> {
  await tx.run(
    `INSERT INTO attempt_browser (attempt_id, browser_hash, code_hash, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (attempt_id, browser_hash) DO UPDATE SET code_hash = excluded.code_hash`,
    row.attempt_id,
    row.browser_hash,
    row.code_hash,
    row.created_at,
  );
  const browsers = await attemptBrowsers(tx, row.attempt_id);
  for (const oldest of browsers.filter((other) => other.browser_hash !== row.browser_hash).slice(most - 1)) {
    await removeAttemptBrowser(tx, row.attempt_id, oldest.browser_hash);
  }
}

/** Newest first. */
export function attemptBrowsers(db: Pick<Read, 'all'>, attemptId: string): Promise<AttemptBrowserRow[]> {
  return db.all<AttemptBrowserRow>(
    `SELECT attempt_id, browser_hash, code_hash, created_at FROM attempt_browser WHERE attempt_id = ?
     ORDER BY created_at DESC, browser_hash`,
    attemptId,
  );
}

export async function removeAttemptBrowser(tx: Transaction, attemptId: string, browserHash: string): Promise<void> {
  await tx.run('DELETE FROM attempt_browser WHERE attempt_id = ? AND browser_hash = ?', attemptId, browserHash);
}

/** Those of the attempts that have ended. `but` one keeps what its browsers showed: its code may still be typed (V5). */
export async function removeEndedBrowsers(tx: Transaction, conversationId: string, but = ''): Promise<void> {
  await tx.run(
    `DELETE FROM attempt_browser WHERE attempt_id IN
       (SELECT id FROM attempt WHERE conversation_id = ? AND ended_at IS NOT NULL AND id <> ?)`,
    conversationId,
    but,
  );
}

/** Browsers whose code was for an attempt that is over, whether or not that was noted yet. */
export function lateBrowsers(tx: Transaction, conversationId: string, at: number): Promise<AttemptBrowserRow[]> {
  return tx.all<AttemptBrowserRow>(
    `SELECT b.attempt_id, b.browser_hash, b.code_hash, b.created_at FROM attempt_browser b
     JOIN attempt a ON a.id = b.attempt_id
     WHERE a.conversation_id = ? AND (a.ended_at IS NOT NULL OR (a.expires_at <= ? AND a.lease_until IS NULL))`,
    conversationId,
    at,
  );
}

/** What delegation must know of the attempt's conversation: is it there, whose browser is it, and what people call it. */
export interface AttemptSettingRow {
  status: 'open' | 'closed';
  channel: 'web' | 'text';
  locale: string;
  generation: number;
  browser_hash: string | null;
  brand: string;
  bot: string;
}

export function attemptSetting(db: Pick<Read, 'get'>, conversationId: string): Promise<AttemptSettingRow | undefined> {
  return db.get<AttemptSettingRow>(
    `SELECT c.status, c.channel, c.locale, c.generation, c.browser_hash, a.name AS brand, b.name AS bot
     FROM conversation c JOIN account a ON a.id = c.account_id JOIN bot b ON b.id = c.bot_id WHERE c.id = ?`,
    conversationId,
  );
}

/** Times of wrong codes in the conversation (epoch ms, JSON list): they survive new links (V2). */
export async function wrongCodesOf(db: Pick<Read, 'get'>, conversationId: string): Promise<number[]> {
  const row = await db.get<{ wrong_codes: string }>(
    'SELECT wrong_codes FROM conversation WHERE id = ?',
    conversationId,
  );
  const times: unknown = JSON.parse(row?.wrong_codes ?? '[]');
  return Array.isArray(times) ? times.filter((time) => typeof time === 'number') : [];
}

export async function setWrongCodes(tx: Transaction, conversationId: string, times: readonly number[]): Promise<void> {
  await tx.run('UPDATE conversation SET wrong_codes = ? WHERE id = ?', JSON.stringify(times), conversationId);
}

/**
 * Takes the conversation's row first, as a turn does: whoever moves an attempt and tells its conversation would otherwise
 * wait for a turn that waits for the attempt.
 */
export async function holdConversation(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run('UPDATE conversation SET touched_at = touched_at WHERE id = ?', conversationId);
}

/** Everything that was begun before this is worthless: what a sign-out of the whole conversation means. */
export async function raiseGeneration(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run('UPDATE conversation SET generation = generation + 1 WHERE id = ?', conversationId);
}

/** All of a conversation's attempts, open or ended: only these may become links in it. */
export async function attemptIdsOf(db: Pick<Read, 'all'>, conversationId: string): Promise<string[]> {
  const rows = await db.all<{ id: string }>('SELECT id FROM attempt WHERE conversation_id = ?', conversationId);
  return rows.map((row) => row.id);
}
