import type { ConnectionRow } from '../store/connection.ts';
import type { SealedFor } from '../vault/vault.ts';

/** What a connection's token is sealed for: copied to another row, principal or generation it does not open (S2). */
export function tokenOwner(
  row: Pick<ConnectionRow, 'id' | 'account_id' | 'credential_id' | 'principal' | 'generation'>,
  column: 'access_token' | 'refresh_token',
): SealedFor {
  return {
    account_id: row.account_id,
    field: `connection.${column}`,
    row: row.id,
    principal: row.principal,
    credential_id: row.credential_id,
    generation: row.generation,
  };
}
