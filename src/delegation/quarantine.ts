/** Tokens between their receipt and the checks: stored, so that a crash can give them back, and usable by nobody (F6). */
import type { AttemptRow } from '../store/attempt.ts';
import type { ProviderRow } from '../store/consumer-credential.ts';
import type { SealedFor } from '../vault/vault.ts';
import { Secret } from '../world/secret.ts';
import type { Tokens } from './token-answer.ts';

export interface Quarantined {
  access_token: Secret;
  refresh_token: Secret | null;
  /** The configuration they came from; its secret is sealed. */
  provider: ProviderRow;
}

export function quarantineOwner(attempt: AttemptRow): SealedFor {
  return {
    account_id: attempt.account_id,
    field: 'attempt.quarantine',
    row: attempt.id,
    principal: attempt.conversation_id,
    credential_id: attempt.credential_id,
    generation: attempt.generation,
  };
}

export function verifierOwner(attempt: AttemptRow): SealedFor {
  return { ...quarantineOwner(attempt), field: 'attempt.verifier' };
}

export function writeQuarantine(tokens: Tokens, provider: ProviderRow): Secret {
  const refresh = tokens.refresh_token?.reveal() ?? null;
  return new Secret(JSON.stringify([tokens.access_token.reveal(), refresh, provider]));
}

export function readQuarantine(text: Secret): Quarantined {
  // Written by `writeQuarantine` only.
  const [access, refresh, provider] = JSON.parse(text.reveal()) as [string, string | null, ProviderRow];
  return { access_token: new Secret(access), refresh_token: refresh === null ? null : new Secret(refresh), provider };
}
