import type { Database } from './database.ts';

/** A Consumer Authentication credential beside its provider, as both are configured now. */
export interface ConsumerCredentialRow {
  id: string;
  account_id: string;
  name: string;
  document: string;
  version: number;
  provider_id: string | null;
  provider_document: string | null;
  provider_version: number | null;
  client_secret: string | null;
}

const select = `SELECT c.id, c.account_id, c.name, c.document, c.version, p.id AS provider_id, p.document AS provider_document,
    p.version AS provider_version, p.client_secret
  FROM credential c LEFT JOIN identity_provider p ON p.id = c.identity_provider_id AND p.account_id = c.account_id`;

type Read = Pick<Database, 'all' | 'get'>;

/** By name, else by what an export calls it; an import without it at hand wrote `import:` before that. */
export function consumerCredentialNamed(
  db: Pick<Read, 'get'>,
  accountId: string,
  name: string,
): Promise<ConsumerCredentialRow | undefined> {
  return db.get<ConsumerCredentialRow>(
    `${select} WHERE c.account_id = ? AND c.type = 'consumer_authentication' AND (c.name = ? OR c.import_id = ?)
     ORDER BY CASE WHEN c.name = ? THEN 0 ELSE 1 END LIMIT 1`,
    accountId,
    name,
    name.replace(/^import:/, ''),
    name,
  );
}

export function consumerCredentialById(
  db: Pick<Read, 'get'>,
  accountId: string,
  id: string,
): Promise<ConsumerCredentialRow | undefined> {
  return db.get<ConsumerCredentialRow>(`${select} WHERE c.account_id = ? AND c.id = ?`, accountId, id);
}

export interface ProviderRow {
  id: string;
  account_id: string;
  version: number;
  document: string;
  client_secret: string | null;
}

export function providerById(db: Pick<Read, 'get'>, accountId: string, id: string): Promise<ProviderRow | undefined> {
  return db.get<ProviderRow>(
    'SELECT id, account_id, version, document, client_secret FROM identity_provider WHERE account_id = ? AND id = ?',
    accountId,
    id,
  );
}

/** The providers that share the account's one recipe redirect URI: with two, only `iss` tells whose answer it is. */
export function recipeProviders(
  db: Pick<Read, 'all'>,
  accountId: string,
): Promise<{ id: string; name: string; document: string }[]> {
  return db.all(
    `SELECT p.id, p.name, p.document FROM identity_provider p WHERE p.account_id = ? AND EXISTS (
       SELECT 1 FROM credential c WHERE c.account_id = p.account_id AND c.identity_provider_id = p.id
         AND c.type = 'consumer_authentication' AND c.document LIKE '%"mode":"recipe"%') ORDER BY p.name`,
    accountId,
  );
}
