/** From quarantine to a usable connection: the last checks, then everything in one commit. */
import { type AttemptRow, attemptSetting } from '../store/attempt.ts';
import { connectionByKey, type ConnectionRow, putConnection } from '../store/connection.ts';
import { consumerCredentialById, type ConsumerCredentialRow } from '../store/consumer-credential.ts';
import type { Transaction } from '../store/database.ts';
import { newId } from '../world/id.ts';
import { challengeOf } from './ask.ts';
import type { EndReason } from './attempt.ts';
import { toConsumerCredential } from './configured.ts';
import { endAttempt, grantAttempt } from './end-attempt.ts';
import { checkIdToken, type Person } from './id-token.ts';
import { madeWith } from './made-with.ts';
import { inConversation, type Parts, wake } from './parts.ts';
import type { Provider } from './provider.ts';
import { oweConnection } from './revocation.ts';
import { scopesOf } from './scope.ts';
import type { Tokens } from './token-answer.ts';
import { tokenOwner } from './token-owner.ts';

export interface Received {
  attempt: AttemptRow;
  provider: Provider;
  tokens: Tokens;
  /** When the request was sent: the token's life is counted from there (T16). Epoch ms. */
  received_at: number;
}

export async function checkAndGrant(parts: Parts, received: Received): Promise<void> {
  const { attempt, provider, tokens } = received;
  const asked = scopesOf(attempt.scope).includes('openid');
  const checked = await checkIdToken(parts.providers, provider, {
    id_token: tokens.id_token,
    nonce: asked ? attempt.nonce : null,
    asked,
    now: parts.world.clock.now(),
  });
  if (!checked.ok) return await reject(parts, attempt, { reason: 'id_token_invalid', detail: checked.reason });
  if (!meetsChallenge(attempt, checked.person, parts.world.clock.now())) {
    return await reject(parts, attempt, { reason: 'step_up_failed', detail: 'acr or auth_time' });
  }
  // The generation is part of what a token is sealed for, so a consent in between means sealing again.
  for (let tries = 0; tries < 3; tries += 1) {
    if (await store(parts, received, checked.person)) break;
  }
  parts.world.failpoint?.('grant.committed');
  wake(parts, attempt.conversation_id);
}

/** RFC 9470: what the provider says of this login, where it says anything (X8). */
function meetsChallenge(attempt: AttemptRow, person: Person | null, now: number): boolean {
  const { challenge } = challengeOf(attempt);
  if (!challenge || !person) return true;
  const { acr_values, max_age } = challenge;
  if (acr_values !== undefined && person.acr !== null && !acr_values.split(' ').includes(person.acr)) return false;
  return max_age === undefined || person.auth_time === null || now / 1_000 - person.auth_time <= max_age + 60;
}

/** False when another consent came first. */
async function store(parts: Parts, received: Received, person: Person | null): Promise<boolean> {
  const { attempt } = received;
  const key = connectionKey(received);
  const before = await connectionByKey(parts.db, key);
  const row = await sealedRow(parts, received, { key, before, person });
  return await inConversation(parts, attempt.conversation_id, async (tx) => {
    const now = await connectionByKey(tx, key);
    if (now?.generation !== before?.generation) return false;
    const credential = await consumerCredentialById(tx, attempt.account_id, attempt.credential_id);
    const reason = await whatChanged(tx, attempt, credential);
    if (reason || !credential) {
      await endAttempt(tx, parts, { attempt, reason: reason ?? 'config_changed' });
      return true;
    }
    const granted = await grantAttempt(tx, parts, attempt);
    // The loser stores nothing: who ended the attempt has queued the revocation of what was in quarantine.
    if (!granted) return true;
    // The tokens before are given back (OA-17); not where it is the same person's grant, which the new ones live on.
    const isSameGrant = now !== undefined && now.subject !== null && now.subject === row.subject;
    if (now && !isSameGrant) await oweConnection(tx, parts, { row: now });
    await putConnection(tx, { ...row, made_with: madeWith(toConsumerCredential(credential)) });
    return true;
  });
}

function connectionKey(received: Received) {
  const { attempt, provider } = received;
  return {
    account_id: attempt.account_id,
    credential_id: attempt.credential_id,
    principal: attempt.conversation_id,
    issuer: provider.issuer ?? new URL(provider.token_endpoint).origin,
    resource: '',
  };
}

async function sealedRow(
  parts: Parts,
  received: Received,
  made: { key: ReturnType<typeof connectionKey>; before: ConnectionRow | undefined; person: Person | null },
) {
  const { attempt, provider, tokens, received_at } = received;
  const { key, before, person } = made;
  const id = before?.id ?? newId(parts.world.random, 'con');
  const generation = (before?.generation ?? 0) + 1;
  const owner = { ...key, id, generation };
  const refresh = tokens.refresh_token;
  return {
    ...owner,
    conversation_id: attempt.conversation_id,
    identity_provider_id: provider.id,
    subject: person?.subject ?? null,
    scope: tokens.scope,
    level: attempt.bound_level ?? 0,
    access_token: await parts.vault.seal(tokens.access_token, tokenOwner(owner, 'access_token')),
    refresh_token: refresh === null ? null : await parts.vault.seal(refresh, tokenOwner(owner, 'refresh_token')),
    expires_at: expiryOf(tokens, received_at),
    lifetime: tokens.lifetime,
    obtained_at: received_at,
    created_at: parts.world.clock.now(),
  };
}

/** Null: unknown. Without a refresh token an odd life is not believed: a 401 tells (T7, T8). */
export function expiryOf(tokens: Pick<Tokens, 'lifetime' | 'refresh_token'>, from: number): number | null {
  if (tokens.lifetime === null) return null;
  const isOdd = tokens.lifetime === 0 || tokens.lifetime >= 24 * 3_600_000;
  return isOdd && tokens.refresh_token === null ? null : from + tokens.lifetime;
}

/** A sign-out, a close or another configuration since the link was made ends it here, before anything is usable. */
async function whatChanged(
  tx: Transaction,
  attempt: AttemptRow,
  credential: ConsumerCredentialRow | undefined,
): Promise<EndReason | undefined> {
  const setting = await attemptSetting(tx, attempt.conversation_id);
  if (!setting || setting.status === 'closed') return 'conversation_closed';
  if (setting.generation !== attempt.generation) return 'signed_out';
  const isSame =
    credential?.version === attempt.credential_version &&
    credential.provider_version === attempt.identity_provider_version;
  return isSame ? undefined : 'config_changed';
}

async function reject(parts: Parts, attempt: AttemptRow, why: { reason: EndReason; detail: string }): Promise<void> {
  parts.world.log.warn({ attempt: attempt.id, ...why }, 'tokens refused');
  const ended = await inConversation(parts, attempt.conversation_id, (tx) =>
    endAttempt(tx, parts, { attempt, ...why }),
  );
  if (ended) wake(parts, attempt.conversation_id);
}
