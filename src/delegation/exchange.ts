/** The authorization code becomes tokens: one request, one owner, and never a second try once bytes were sent. */
import type { Answer, EgressFailure } from '../egress/egress.ts';
import { type AttemptRow, moveAttempt } from '../store/attempt.ts';
import type { ProviderRow } from '../store/consumer-credential.ts';
import { type EndReason, limits } from './attempt.ts';
import { endAttempt } from './end-attempt.ts';
import { checkAndGrant } from './grant.ts';
import { inConversation, type Parts, pause, wake } from './parts.ts';
import type { Provider } from './provider.ts';
import { quarantineOwner, verifierOwner, writeQuarantine } from './quarantine.ts';
import { oweQuarantined } from './revocation.ts';
import { readTokenAnswer, type Tokens } from './token-answer.ts';
import { tokenRequest } from './token-request.ts';

/** An attempt in `exchanging` whose lease is ours. */
export interface Exchange {
  attempt: AttemptRow;
  provider: Provider;
  /** The row that `provider` was resolved from. */
  stored: ProviderRow;
  code: string;
}

/** Ends the attempt one way or another; a crash on the way ends it with its lease. */
export async function exchange(parts: Parts, given: Exchange): Promise<void> {
  const { attempt, provider } = given;
  const at = parts.world.clock.now();
  const result = await requestTokens(parts, given);
  parts.world.failpoint?.('exchange.answered');
  if ('reason' in result) return await fail(parts, attempt, result);
  for (const warning of result.tokens.warnings)
    parts.world.log.warn({ provider: provider.id, warning }, 'odd token answer');
  const quarantined = await quarantine(parts, given, result.tokens);
  parts.world.failpoint?.('exchange.quarantined');
  if (quarantined)
    await checkAndGrant(parts, { attempt: quarantined, provider, tokens: result.tokens, received_at: at });
}

async function requestTokens(
  parts: Parts,
  given: Exchange,
): Promise<{ tokens: Tokens } | { reason: EndReason; detail: string }> {
  const { attempt, provider, code } = given;
  const verifier = attempt.verifier === null ? null : await parts.vault.open(attempt.verifier, verifierOwner(attempt));
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: attempt.redirect_uri ?? '',
    ...(provider.pkce === 'off' || verifier === null ? {} : { code_verifier: verifier.reveal() }),
  };
  const answer = await sendOnce(parts, provider, form);
  if ('failed' in answer) return { reason: reasonOfFailure(answer), detail: answer.reason };
  const read = readTokenAnswer(answer, attempt.scope);
  if (read.ok) return { tokens: read.tokens };
  const detail = `status ${answer.status}${read.error === undefined ? '' : `, ${read.error}`}`;
  if (read.reason !== 'refused') return { reason: answer.status === 401 ? 'client_rejected' : read.reason, detail };
  return { reason: reasonOfError(read.error ?? ''), detail };
}

/** Only while nothing was sent may it be tried again: twice within five seconds (T2). A code is sent once in its life. */
async function sendOnce(
  parts: Parts,
  provider: Provider,
  form: Record<string, string>,
): Promise<Answer | EgressFailure> {
  const until = parts.world.clock.now() + limits.exchangeHttp;
  let answer: Answer | EgressFailure | undefined;
  for (const wait of [0, 500, 1_500]) {
    if (wait > 0) await pause(parts, wait);
    const timeout_ms = Math.max(until - parts.world.clock.now(), 1);
    answer = await tokenRequest(parts.egress, provider, { url: provider.token_endpoint, form, timeout_ms });
    if (!('failed' in answer) || answer.failed !== 'unreachable') break;
  }
  return answer ?? { failed: 'unreachable', reason: 'not sent', sent: false };
}

function reasonOfFailure(failure: EgressFailure): EndReason {
  if (failure.failed === 'blocked') return 'blocked';
  if (failure.failed === 'too_large') return 'malformed_response';
  return failure.sent ? 'indeterminate' : 'provider_unavailable';
}

function reasonOfError(error: string): EndReason {
  if (error === 'invalid_grant') return 'code_rejected';
  if (error === 'invalid_client' || error === 'unauthorized_client') return 'client_rejected';
  if (error === 'temporarily_unavailable' || error === 'server_error') return 'provider_unavailable';
  return 'provider_error';
}

/** The first thing after the answer is one encrypted write; who lost the attempt meanwhile gives the tokens back (T14, R8). */
async function quarantine(parts: Parts, given: Exchange, tokens: Tokens): Promise<AttemptRow | undefined> {
  const { attempt, stored } = given;
  const sealed = await parts.vault.seal(writeQuarantine(tokens, stored), quarantineOwner(attempt));
  const lease_until = parts.world.clock.now() + limits.exchangeLease;
  return await parts.db.write(async (tx) => {
    const moved = await moveAttempt(tx, attempt, { status: 'quarantined', set: { quarantine: sealed, lease_until } });
    if (!moved) await oweQuarantined(tx, parts, { attempt, sealed });
    return moved;
  });
}

async function fail(parts: Parts, attempt: AttemptRow, why: { reason: EndReason; detail: string }): Promise<void> {
  parts.world.log.warn({ attempt: attempt.id, ...why }, 'the code brought no tokens');
  const ended = await inConversation(parts, attempt.conversation_id, (tx) =>
    endAttempt(tx, parts, { attempt, ...why }),
  );
  if (ended) wake(parts, attempt.conversation_id);
}
