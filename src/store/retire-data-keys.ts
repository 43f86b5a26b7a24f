import type { Database, Transaction } from './database.ts';

/** Every column in which a sealed text can stand, alone or inside JSON. */
const sealedPlaces = [
  ['identity_provider', 'client_secret'],
  ['credential', 'document'],
  ['credential', 'secret'],
  ['attempt', 'verifier'],
  ['attempt', 'nonce'],
  ['attempt', 'quarantine'],
  ['connection', 'access_token'],
  ['connection', 'refresh_token'],
  ['outbox', 'body'],
] as const;

/**
 * Deletes the data keys that open nothing any more: replaced before `replacedBefore` (epoch ms; leave ten minutes, in
 * which other nodes may still seal with them) and named by no sealed text. Returns the ids deleted and those still needed.
 */
export async function retireDataKeys(
  database: Database,
  replacedBefore: number,
): Promise<{ retired: string[]; needed: string[] }> {
  const old = await database.all<{ id: string }>(
    `SELECT id FROM data_key WHERE active = 0 AND EXISTS (
       SELECT 1 FROM data_key AS newer WHERE newer.account_id = data_key.account_id
         AND newer.version = data_key.version + 1 AND newer.created_at < ?) ORDER BY id`,
    replacedBefore,
  );
  const retired: string[] = [];
  const needed: string[] = [];
  for (const { id } of old) {
    const gone = await database.write((tx) => deleteUnlessNamed(tx, id));
    (gone ? retired : needed).push(id);
  }
  return { retired, needed };
}

async function deleteUnlessNamed(tx: Transaction, id: string): Promise<boolean> {
  for (const [table, column] of sealedPlaces) {
    // A sealed text begins with its format and its key's id; inside JSON it follows a quote.
    const named = await tx.get(`SELECT 1 AS named FROM ${table} WHERE ${column} LIKE ? LIMIT 1`, `%e1.${id}.%`);
    if (named !== undefined) return false;
  }
  return (await tx.run('DELETE FROM data_key WHERE id = ? AND active = 0', id)) === 1;
}
