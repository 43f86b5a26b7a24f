import { providerDocument } from '../../delegation/configured.ts';
import { recipeProviders } from '../../store/consumer-credential.ts';
import type { Transaction } from '../../store/database.ts';
import { Problem } from '../../world/problem.ts';

/**
 * All recipes of an account share one redirect URI. From the second provider on only the issuer tells whose answer comes
 * back there; without it one provider could have the other's codes sent to itself (P7, P8). Call it after the change, in
 * its transaction.
 */
export async function refuseMixUp(tx: Transaction, account_id: string, pointer: string): Promise<void> {
  const sharing = (await recipeProviders(tx, account_id)).map((row) => ({ ...row, ...providerDocument(row) }));
  if (sharing.length < 2) return;
  const isTold = (one: (typeof sharing)[number]) =>
    one.issuer !== undefined &&
    sharing.every((other) => other.issuer !== one.issuer || other.token_endpoint === one.token_endpoint);
  const untold = sharing.filter((one) => !isTold(one)).map(({ name }) => name);
  if (untold.length === 0) return;
  const detail = `give the issuer of its own to: ${untold.slice(0, 10).join(', ')}`;
  throw new Problem('identity_provider_ambiguous', `Several providers share the redirect URI of recipes: ${detail}.`, [
    { pointer, detail },
  ]);
}
