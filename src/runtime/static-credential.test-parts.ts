/** Credentials with a secret of the account's own, put where the Account API would put them. */
import type { StaticCredentialDocument, StaticCredentialType } from '../api/static-credential.ts';
import { createCredential } from '../store/credential.ts';
import type { Database } from '../store/database.ts';
import { credentialSecretOwner } from '../store/sealed-column.ts';
import type { Vault } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { Secret } from '../world/secret.ts';
import { systemRandom } from '../world/world.ts';

/** What functions of tests are signed with. */
export const signingSecret = 'whsec_bm90IGEgcmVhbCBzaWduaW5nIHNlY3JldCwgMzIgYnl0ZXM=';

export async function keepCredential(
  { db, vault }: { db: Database; vault: Vault },
  given: {
    name: string;
    type: StaticCredentialType;
    secret: string;
    document: Omit<StaticCredentialDocument, 'mode'>;
    account_id?: string;
  },
): Promise<void> {
  const { name, type, account_id = 'acc' } = given;
  const id = newId(systemRandom, 'cred');
  const secret = await vault.seal(new Secret(given.secret), credentialSecretOwner({ id, account_id }));
  const document: StaticCredentialDocument = { mode: 'static', ...given.document };
  const row = { id, account_id, name, type, import_id: null, document, identity_provider_id: null, secret };
  await db.write((tx) => createCredential(tx, { ...row, at: Date.now() }));
}
