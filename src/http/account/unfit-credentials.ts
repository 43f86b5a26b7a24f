import type { BotDocument } from '../../bot/document.ts';
import type { ImportCredential } from '../../bot/import/import-liveperson.ts';
import { type DocumentProblem, pointer } from '../../bot/problem.ts';
import { unfitCredential } from '../../integration/static-credential.ts';
import { credentialNamed } from './account-credentials.ts';

/** Integrations whose credential is there and of a type that cannot serve them: they would never be called. */
export function unfitCredentials(document: BotDocument, credentials: readonly ImportCredential[]): DocumentProblem[] {
  return document.integrations.flatMap((integration, at): DocumentProblem[] => {
    const { credential } = integration;
    const type = credential === undefined ? undefined : credentialNamed(credentials, credential)?.mode;
    const problem = type === undefined ? undefined : unfitCredential(integration, { type });
    if (problem === undefined) return [];
    const message = `${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}.`;
    return [{ severity: 'warning', path: pointer('/integrations', at, 'credential'), message }];
  });
}

/** Places of descriptions that no consumer is read: the integration's credential is the brand's own, so nobody is asked. */
export function unaskedDescriptions(
  document: BotDocument,
  credentials: readonly ImportCredential[],
): ReadonlySet<string> {
  const places = document.integrations.map(({ credential = '' }, at) => {
    const type = credentialNamed(credentials, credential)?.mode ?? 'managed';
    return type === 'managed' || type === 'recipe' ? [] : [pointer('/integrations', at, 'description')];
  });
  return new Set(places.flat());
}
