import type { BotDocument } from '../../bot/document.ts';
import type { ImportCredential } from '../../bot/import/import-liveperson.ts';
import { type DocumentProblem, pointer } from '../../bot/problem.ts';

const mostListed = 20;

/** Credentials that the document names and the account does not have. Not one of the document's own checks: those know no account. */
export function unknownCredentials(document: BotDocument, credentials: readonly ImportCredential[]): DocumentProblem[] {
  const known = new Set(credentials.flatMap(({ name, import_id }) => [name, import_id, `import:${import_id}`]));
  return document.integrations.flatMap(({ credential }, at): DocumentProblem[] => {
    if (credential === undefined || known.has(credential)) return [];
    const message = `The account has no credential called "${credential}". ${listed(credentials)}`;
    return [{ severity: 'warning', path: pointer('/integrations', at, 'credential'), message }];
  });
}

function listed(credentials: readonly ImportCredential[]): string {
  if (credentials.length === 0) return 'It has none yet: create one, then publish.';
  const names = credentials.slice(0, mostListed).map(({ name }) => `"${name}"`);
  return `It has ${names.join(', ')}${credentials.length > mostListed ? ' and more' : ''}.`;
}
