/** Secrets at rest. */
import type { Secret } from '../world/secret.ts';

/** What a sealed text belongs to. All of it is bound as additional data: a row copied elsewhere fails to open (S2). */
export interface SealedFor {
  account_id: string;
  /** Table and column, such as `connection.access_token`. */
  field: string;
  /** Id of the row. */
  row: string;
  /** Who it is for: conversation or issuer and subject; empty where it is the account's own. */
  principal?: string;
  credential_id?: string;
  generation?: number;
}

export interface Vault {
  seal(secret: Secret, owner: SealedFor): Promise<string>;
  /** Throws when the text was changed, cut, or belongs to another owner. */
  open(sealed: string, owner: SealedFor): Promise<Secret>;
  /** HMAC-SHA-256 under an instance key of that purpose, base64url. For links, handles and hashes that must not be guessable from a dump. */
  mac(purpose: 'link' | 'handle' | 'code' | 'session' | 'browser' | 'state' | 'api_key', text: string): string;
}
