/** What the consumer has allowed, and its end: erased here at once, given back to the provider for as long as it takes. */
import { type AttemptRow, openAttemptsOf, raiseGeneration, removeEndedBrowsers } from '../store/attempt.ts';
import { appendAudit } from '../store/audit.ts';
import { type ConnectionRow, connectionsOf, eraseConnection } from '../store/connection.ts';
import type { Transaction } from '../store/database.ts';
import type { EndReason } from './attempt.ts';
import type { ConnectionView } from './delegation.ts';
import { endOpenAttempt } from './end-attempt.ts';
import type { Parts } from './parts.ts';
import { oweConnection, owedConnections } from './revocation.ts';
import { scopesOf } from './scope.ts';

export async function connections(parts: Parts, conversationId: string): Promise<ConnectionView[]> {
  const rows = await connectionsOf(parts.db, conversationId);
  const owed = rows.some((row) => row.ended_at !== null) ? await owedConnections(parts, conversationId) : new Set();
  // What has ended is shown for as long as the provider has not heard of it (OA-21).
  const shown = rows.filter((row) => row.ended_at === null || owed.has(row.id));
  return shown.map((row) => ({
    id: row.id,
    credential: row.credential ?? '',
    scopes: scopesOf(row.scope),
    // That it is being refreshed is nobody's business.
    status: row.status === 'refreshing' ? 'active' : row.status,
    since: new Date(row.created_at).toISOString(),
    last_used: row.last_used === null ? null : new Date(row.last_used).toISOString(),
  }));
}

/** Ends one connection, or with none named all of the conversation: then also what is under way has no result (R8). */
export async function end(
  tx: Transaction,
  parts: Parts,
  which: { conversation_id: string; connection_id?: string; actor?: string },
): Promise<number> {
  const { conversation_id, connection_id, actor = `conversation:${conversation_id}` } = which;
  const rows = await connectionsOf(tx, conversation_id);
  const ending = rows.filter(
    (row) => row.ended_at === null && (connection_id === undefined || row.id === connection_id),
  );
  if (connection_id === undefined) await raiseGeneration(tx, conversation_id);
  for (const row of ending) await endOne(tx, parts, { row, why: 'asked', actor });
  const credentials = new Set(ending.map((row) => row.credential_id));
  const isMeant = (attempt: AttemptRow) => connection_id === undefined || credentials.has(attempt.credential_id);
  await endAttempts(tx, parts, { conversation_id, reason: 'signed_out', isMeant });
  return ending.length;
}

export async function endConversation(tx: Transaction, parts: Parts, conversationId: string): Promise<void> {
  await endAttempts(tx, parts, { conversation_id: conversationId, reason: 'conversation_closed', isMeant: () => true });
  await removeEndedBrowsers(tx, conversationId);
  await end(tx, parts, { conversation_id: conversationId });
}

export async function endOne(
  tx: Transaction,
  parts: Parts,
  end: { row: ConnectionRow; why: 'asked' | 'config_changed'; actor: string },
): Promise<void> {
  const { row, why, actor } = end;
  const at = parts.world.clock.now();
  await oweConnection(tx, parts, { row });
  await eraseConnection(tx, row.id, at);
  await appendAudit(tx, {
    account_id: row.account_id,
    at,
    actor,
    action: 'connection.ended',
    subject: row.id,
    details: { credential_id: row.credential_id, scope: row.scope, why },
  });
}

async function endAttempts(
  tx: Transaction,
  parts: Parts,
  which: { conversation_id: string; reason: EndReason; isMeant: (attempt: AttemptRow) => boolean },
): Promise<void> {
  for (const attempt of await openAttemptsOf(tx, which.conversation_id)) {
    if (which.isMeant(attempt)) await endOpenAttempt(tx, parts, { attempt_id: attempt.id, reason: which.reason });
  }
}
