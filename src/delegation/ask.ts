/** Making, reusing and ending attempts from the conversation's side, inside the runtime's transactions. */
import type { Outcome } from '../bot/outcome.ts';
import {
  type AttemptRow,
  countAttemptsSince,
  findAttempt,
  grantedSince,
  holdConversation,
  insertAttempt,
  openAttemptsOf,
  reuseAttempt,
  wrongCodesOf,
} from '../store/attempt.ts';
import { connectionFor } from '../store/connection.ts';
import { providerById } from '../store/consumer-credential.ts';
import type { Transaction } from '../store/database.ts';
import { newId } from '../world/id.ts';
import { limits } from './attempt.ts';
import { type Ask, type Asked, bindingLevel, type Challenge } from './delegation.ts';
import { endOpenAttempt } from './end-attempt.ts';
import type { Parts } from './parts.ts';
import { covers, sameScopes, scopesOf, union, within } from './scope.ts';

export async function ask(tx: Transaction, parts: Parts, wanted: Ask): Promise<Asked> {
  const now = parts.world.clock.now();
  const { conversation, credential } = wanted;
  const refused = (await refusal(tx, wanted, now)) ?? undefined;
  if (refused) return { refused };
  const provider = await providerById(tx, credential.account_id, credential.identity_provider_id);
  if (!provider) return { refused: 'misconfigured' };
  const made = {
    id: newId(parts.world.random, 'att'),
    account_id: conversation.account_id,
    conversation_id: conversation.id,
    bot_id: conversation.bot_id,
    credential_id: credential.id,
    credential_version: credential.version,
    identity_provider_id: provider.id,
    identity_provider_version: provider.version,
    generation: conversation.generation,
    mode: credential.mode,
    interaction_id: wanted.interaction_id,
    scope: await scopeToAsk(tx, wanted),
    challenge: challengeText(wanted.challenge),
    minimum_level: minimumLevel(wanted),
    created_at: now,
    expires_at: now + limits.offered,
  };
  const open = (await openAttemptsOf(tx, conversation.id)).filter((row) => row.credential_id === credential.id);
  const same = open.find((row) => isSameAsk(row, made));
  if (same) {
    const expires_at = Math.max(same.expires_at, Math.min(now + limits.offered, same.created_at + limits.whole));
    await reuseAttempt(tx, same.id, { interaction_id: wanted.interaction_id, expires_at });
    return { attempt_id: same.id, reused: true };
  }
  if ((await countAttemptsSince(tx, conversation.id, now - 3_600_000)) >= limits.attemptsPerHour)
    return { refused: 'rate_limited' };
  for (const { id } of open) await endOpenAttempt(tx, parts, { attempt_id: id, reason: 'superseded' });
  await insertAttempt(tx, made);
  return { attempt_id: made.id, reused: false };
}

export async function cancel(
  tx: Transaction,
  parts: Parts,
  which: { conversation_id: string; attempt_id: string },
): Promise<boolean> {
  // The conversation first, as a callback does: the other way round the two would wait for each other.
  await holdConversation(tx, which.conversation_id);
  const attempt = await findAttempt(tx, which.attempt_id);
  if (!attempt || attempt.conversation_id !== which.conversation_id) return false;
  return (await endOpenAttempt(tx, parts, { attempt_id: attempt.id, reason: 'cancelled_by_user' })) !== undefined;
}

/** The brand's challenge that an attempt must meet. */
export function challengeOf(attempt: Pick<AttemptRow, 'challenge'>): { challenge?: Challenge } {
  // Written by `challengeText` only.
  return attempt.challenge === null ? {} : { challenge: JSON.parse(attempt.challenge) as Challenge };
}

/** With its members in one order, so that the same challenge is the same text. */
export function challengeText(challenge: Challenge | undefined): string | null {
  if (!challenge) return null;
  const { error, scope, acr_values, max_age } = challenge;
  return JSON.stringify({ error, scope, acr_values, max_age });
}

/** Scopes the call needs: the integration's, else the credential's, and what the brand's challenge adds. */
export function neededScope(wanted: Pick<Ask, 'scope' | 'credential' | 'challenge'>): string {
  return union(wanted.scope === '' ? wanted.credential.scope : wanted.scope, wanted.challenge?.scope ?? '');
}

/** What a connection must cover. Providers often leave the protocol's own scopes out of what they say was granted. */
export function requiredScope(wanted: Pick<Ask, 'scope' | 'credential' | 'challenge'>): string {
  return scopesOf(neededScope(wanted))
    .filter((scope) => scope !== 'openid' && scope !== 'offline_access')
    .join(' ');
}

export function minimumLevel(wanted: Pick<Ask, 'minimum_level' | 'credential'>): number {
  return Math.max(wanted.minimum_level, wanted.credential.minimum_level);
}

async function refusal(tx: Transaction, wanted: Ask, now: number): Promise<Outcome | undefined> {
  const { conversation, credential, challenge } = wanted;
  const strongest = conversation.browser_hash === null ? bindingLevel.code : bindingLevel.browser;
  if (minimumLevel(wanted) > strongest) return 'unsupported_channel';
  const wrong = await wrongCodesOf(tx, conversation.id);
  if (wrong.filter((at) => at > now - 3_600_000).length >= limits.wrongCodesPerHour) return 'binding_failed';
  // A challenge may widen only up to what the operator configured (X9).
  if (!covers(credential.scope, challenge?.scope ?? '')) return 'scope_insufficient';
  if (!covers(credential.scope, wanted.scope)) return 'misconfigured';
  return await loopRefusal(tx, wanted, now);
}

/** What was granted just now and was not enough is not asked again (X7, T10). */
async function loopRefusal(tx: Transaction, wanted: Ask, now: number): Promise<Outcome | undefined> {
  const { conversation, credential, challenge } = wanted;
  const connection = await connectionFor(tx, keyOf(wanted));
  if (!connection || connection.ended_at !== null) return undefined;
  const granted = await grantedSince(tx, {
    conversation_id: conversation.id,
    credential_id: credential.id,
    since: Math.max(now - limits.loopGuard, connection.created_at),
  });
  const sameChallenge = challengeText(challenge);
  if (sameChallenge !== null && granted.some((row) => row.challenge === sameChallenge)) {
    return challenge?.error === 'insufficient_scope' ? 'scope_insufficient' : 'step_up_failed';
  }
  const needed = requiredScope(wanted);
  const isShort = !covers(connection.scope, needed);
  return isShort && granted.some((row) => covers(row.scope, needed)) ? 'scope_insufficient' : undefined;
}

function keyOf(wanted: Ask) {
  const { conversation, credential } = wanted;
  return { account_id: conversation.account_id, credential_id: credential.id, principal: conversation.id };
}

/** What is needed and what is held already, in the credential's own order and words (OA-26). */
async function scopeToAsk(tx: Transaction, wanted: Ask): Promise<string> {
  const connection = await connectionFor(tx, keyOf(wanted));
  const held =
    connection && (connection.status === 'active' || connection.status === 'refreshing') ? connection.scope : '';
  return within(union(neededScope(wanted), held), wanted.credential.scope);
}

type Comparable = Pick<
  AttemptRow,
  | 'scope'
  | 'challenge'
  | 'credential_version'
  | 'identity_provider_version'
  | 'identity_provider_id'
  | 'generation'
  | 'mode'
  | 'minimum_level'
>;

function isSameAsk(a: Comparable, b: Comparable): boolean {
  return (
    sameScopes(a.scope, b.scope) &&
    a.challenge === b.challenge &&
    a.credential_version === b.credential_version &&
    a.identity_provider_id === b.identity_provider_id &&
    a.identity_provider_version === b.identity_provider_version &&
    a.generation === b.generation &&
    a.mode === b.mode &&
    a.minimum_level === b.minimum_level
  );
}
