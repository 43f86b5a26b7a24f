import type { SealedColumn } from '../store/sealed-column.ts';
import type { SealedFor } from '../vault/vault.ts';
import { tokenOwner } from './token-owner.ts';

/**
 * The stored tokens, for moving them to a new key. Attempts hold sealed texts for ten minutes and owed revocations
 * until they are paid; both end by themselves, and until then the former key stays (`retireDataKeys`).
 */
export const tokenColumns: SealedColumn<SealedFor>[] = (['access_token', 'refresh_token'] as const).map((column) => ({
  table: 'connection',
  column,
  needs: ['account_id', 'credential_id', 'principal', 'generation'],
  owner: (row) =>
    tokenOwner(
      {
        id: String(row.id),
        account_id: String(row.account_id),
        credential_id: String(row.credential_id),
        principal: String(row.principal),
        generation: Number(row.generation),
      },
      column,
    ),
}));
