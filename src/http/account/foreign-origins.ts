import type { BotDocument } from '../../bot/document.ts';
import { type DocumentProblem, pointer } from '../../bot/problem.ts';
import type { AccountCredential } from './account-credentials.ts';
import { credentialNamed } from './account-credentials.ts';

/**
 * Integrations whose calls their credential may not go along with: they end as `blocked`. A warning and no more, because a
 * credential's origins may be mended after its bots are published.
 */
export function foreignOrigins(document: BotDocument, credentials: readonly AccountCredential[]): DocumentProblem[] {
  return document.integrations.flatMap(({ url, credential }, at): DocumentProblem[] => {
    const found = credential === undefined ? undefined : credentialNamed(credentials, credential);
    const origin = literalOrigin(url);
    if (!found || origin === undefined || found.origins.includes(origin)) return [];
    const message = `The credential "${found.name}" may not go to ${origin}, only to ${found.origins.join(', ')}: add the origin there, or mend the URL.`;
    return [{ severity: 'warning', path: pointer('/integrations', at, 'url'), message }];
  });
}

/** Undefined where a variable is part of it: what it will be is not known before the call. */
function literalOrigin(url: string): string | undefined {
  const [, written] = /^(https?:\/\/[^/?#{}]+)(?:[/?#]|$)/i.exec(url.trim()) ?? [];
  return written === undefined ? undefined : URL.parse(written)?.origin;
}
