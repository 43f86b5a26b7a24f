/** Tokens that nobody may use any more are owed to their provider (RFC 7009): noted in the transaction that takes them away. */
import type { AttemptRow } from '../store/attempt.ts';
import { appendAudit } from '../store/audit.ts';
import { type ConnectionRow, otherUsersOfGrant } from '../store/connection.ts';
import { type ProviderRow, providerById } from '../store/consumer-credential.ts';
import type { Transaction } from '../store/database.ts';
import { giveUpOutbox, insertOutbox, openOutboxOf, type OutboxRow } from '../store/outbox.ts';
import type { SealedFor } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { isOf } from './made-with.ts';
import type { Parts } from './parts.ts';
import { quarantineOwner } from './quarantine.ts';
import { tokenOwner } from './token-owner.ts';

/** What an outbox row holds: sealed texts as they stood in their row, whose they are, and where they came from. */
export type Owed =
  | {
      from: 'connection';
      /** As it was configured when they were issued, its secret sealed: a later configuration never gets them. */
      provider: ProviderRow;
      owner: SealedFor;
      access_token: string | null;
      refresh_token: string | null;
    }
  /** The configuration is in the quarantine itself. */
  | { from: 'quarantine'; owner: SealedFor; quarantine: string };

/**
 * Queues what is in the connection's row now; call it before the row is erased. Only the last user of a grant ends it (S7).
 * `provider`: where they came from, when it may have been configured otherwise since.
 */
export async function oweConnection(
  tx: Transaction,
  parts: Parts,
  owing: { row: ConnectionRow; provider?: ProviderRow },
): Promise<void> {
  const { row } = owing;
  const { access_token, refresh_token } = row;
  if (access_token === null && refresh_token === null) return;
  if ((await otherUsersOfGrant(tx, row)) > 0) return;
  const provider = owing.provider ?? (await providerById(tx, row.account_id, row.identity_provider_id));
  const about = { ...row, connection_id: row.id };
  if (!provider || !isOf(row, provider)) return await oweInVain(tx, parts, about);
  const owner = tokenOwner(row, 'access_token');
  await owe(tx, parts, { about, owed: { from: 'connection', provider, owner, access_token, refresh_token } });
}

/** Queues tokens that were received for an attempt and never became usable. */
export async function oweQuarantined(
  tx: Transaction,
  parts: Parts,
  given: { attempt: AttemptRow; sealed: string },
): Promise<void> {
  const { attempt, sealed } = given;
  await owe(tx, parts, {
    about: { ...attempt, connection_id: null },
    owed: { from: 'quarantine', owner: quarantineOwner(attempt), quarantine: sealed },
  });
}

type About = Pick<
  OutboxRow,
  'account_id' | 'conversation_id' | 'identity_provider_id' | 'credential_id' | 'connection_id'
>;

async function owe(tx: Transaction, parts: Parts, given: { about: About; owed: Owed | null }): Promise<string> {
  const { account_id, conversation_id, identity_provider_id, credential_id, connection_id } = given.about;
  const id = newId(parts.world.random, 'out');
  await insertOutbox(tx, {
    id,
    account_id,
    conversation_id,
    identity_provider_id,
    credential_id,
    connection_id,
    kind: 'revoke',
    body: JSON.stringify(given.owed),
    at: parts.world.clock.now(),
  });
  return id;
}

/** Where they came from is not known any more, so they go nowhere; that they were never given back is on record. */
async function oweInVain(tx: Transaction, parts: Parts, about: About): Promise<void> {
  const id = await owe(tx, parts, { about, owed: null });
  const at = parts.world.clock.now();
  await giveUpOutbox(tx, { id, tries: 0 }, at);
  await recordEnd(tx, { id, ...about }, { at, action: 'revocation.gave_up', why: 'config_changed' });
}

/** In the account's audit: a revocation that will not be tried again without having been done. */
export async function recordEnd(
  tx: Transaction,
  row: About & { id: string },
  end: { at: number; action: 'revocation.gave_up' | 'revocation.not_offered'; why: string },
): Promise<void> {
  await appendAudit(tx, {
    account_id: row.account_id,
    at: end.at,
    actor: 'errand',
    action: end.action,
    subject: row.connection_id ?? row.id,
    details: { why: end.why, identity_provider_id: row.identity_provider_id, credential_id: row.credential_id },
  });
}

/** Ids of connections whose revocation has not reached the provider yet. */
export async function owedConnections(parts: Parts, conversationId: string): Promise<Set<string | null>> {
  const rows = await openOutboxOf(parts.db, conversationId);
  return new Set(rows.map((row) => row.connection_id));
}
