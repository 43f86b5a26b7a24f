import { connectionFor } from '../store/connection.ts';
import { minimumLevel, requiredScope } from './ask.ts';
import type { Ask, Permission } from './delegation.ts';
import { fits } from './made-with.ts';
import type { Reader } from '../store/page.ts';
import type { Parts } from './parts.ts';
import { covers } from './scope.ts';

/** Whether this conversation holds what the call needs, at the level it needs. An expired token that can be renewed counts. */
export async function permission(parts: Pick<Parts, 'world'> & { db: Reader }, ask: Ask): Promise<Permission> {
  const { conversation, credential } = ask;
  const connection = await connectionFor(parts.db, {
    account_id: conversation.account_id,
    credential_id: credential.id,
    principal: conversation.id,
  });
  if (
    !connection ||
    connection.ended_at !== null ||
    connection.identity_provider_id !== credential.identity_provider_id ||
    !fits(connection, credential)
  ) {
    return { state: 'missing', reason: 'none' };
  }
  const { expires_at, refresh_token } = connection;
  const isDead = expires_at !== null && expires_at <= parts.world.clock.now() && refresh_token === null;
  if (connection.status === 'needs_reauth' || isDead) return { state: 'missing', reason: 'needs_reauth' };
  if (connection.level < minimumLevel(ask)) return { state: 'missing', reason: 'level' };
  if (!covers(connection.scope, requiredScope(ask))) return { state: 'missing', reason: 'scope' };
  return { state: 'usable', connection_id: connection.id };
}
