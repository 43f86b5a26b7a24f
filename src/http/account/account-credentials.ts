import type { ImportCredential } from '../../bot/import/import-liveperson.ts';
import { listCredentials } from '../../store/credential.ts';
import type { Reader } from '../../store/page.ts';

/** What bots of the account may refer to, and where it may go. */
export interface AccountCredential extends ImportCredential {
  origins: readonly string[];
}

export async function accountCredentials(db: Reader, account_id: string): Promise<AccountCredential[]> {
  const found: AccountCredential[] = [];
  let next: string | null | undefined;
  do {
    const page = await listCredentials(db, account_id, { limit: 200, ...(next ? { after: next } : {}) });
    for (const { id, name, type, import_id, document } of page.items) {
      const mode = document.mode === 'static' ? type : document.mode;
      const { origins } = document;
      found.push({ id, name, mode, origins, ...(import_id === null ? {} : { import_id }) });
    }
    next = page.next;
  } while (next !== null);
  return found;
}

/** As a call finds it: by its name, else by what an export calls it; an import without it at hand wrote `import:` before that. */
export function credentialNamed<C extends ImportCredential>(credentials: readonly C[], name: string): C | undefined {
  const import_id = name.replace(/^import:/, '');
  return (
    credentials.find((credential) => credential.name === name) ??
    credentials.find((credential) => credential.import_id === import_id)
  );
}
