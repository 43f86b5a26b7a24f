/** The provider has sent the browser back: is it the one that was sent, does it bring what it was sent for, and only once. */
import {
  type AttemptRow,
  findAttempt,
  findAttemptByState,
  moveAttempt,
  newestAttemptOfBrowser,
} from '../store/attempt.ts';
import { providerById, recipeProviders } from '../store/consumer-credential.ts';
import { type EndReason, isFinal, limits } from './attempt.ts';
import { redirectUri } from './authorization-url.ts';
import { isBound } from './binding.ts';
import { type CallbackQuery, longestCode, readCallbackQuery } from './callback-query.ts';
import { endAttempt } from './end-attempt.ts';
import { exchange } from './exchange.ts';
import { traceSignIn } from './sign-in-trace.ts';
import { linkFor } from './link.ts';
import { inConversation, type Parts, pause, wake } from './parts.ts';
import { stateHash } from './proceed.ts';
import type { Refusals } from './refusals.ts';
import type { Provider, Unresolved } from './provider.ts';
import type { CallbackRequest, CalledBack } from './sign-in-pages.ts';
import { hashOf, isOver } from './visit.ts';

export async function callback(parts: Parts, refusals: Refusals, request: CallbackRequest): Promise<CalledBack> {
  const query = readCallbackQuery(request.query);
  const attempt = query && (await findAttemptByState(parts.db, stateHash(parts, query.state)));
  if (!query || !attempt || attempt.account_id !== request.account_id) {
    // The same answer for a state of another account as for none at all (P2).
    await refusals.record(request.account_id, query ? 'state' : 'query');
    return { link: query ? await whereItWas(parts, request) : null };
  }
  const called = { link: linkFor(parts, attempt.id) };
  const browserHash = hashOf(parts, request.browser);
  if (attempt.status === 'redirected') await answer(parts, { attempt, query, leaf: request.leaf, browserHash });
  // A duplicate, or a loser: it says nothing before the winner is done.
  else if (!isFinal(attempt.status) && isBound(attempt, browserHash)) await untilFinal(parts, attempt.id);
  return called;
}

/**
 * A second tab, or a step back, has a state that counts no more, and nothing is exchanged for it. A proven browser is shown how its
 * sign-in stands, so that a success is never followed by an error (L4); any other gets nothing.
 */
async function whereItWas(parts: Parts, request: CallbackRequest): Promise<string | null> {
  const hash = hashOf(parts, request.browser);
  if (hash === null) return null;
  const since = parts.world.clock.now() - limits.whole;
  const attempt = await newestAttemptOfBrowser(parts.db, { account_id: request.account_id, hash, since });
  return attempt ? linkFor(parts, attempt.id) : null;
}

interface Returned {
  attempt: AttemptRow;
  query: CallbackQuery;
  leaf: string;
  browserHash: string | null;
}

async function answer(parts: Parts, returned: Returned): Promise<void> {
  const { attempt, query } = returned;
  const stored = await providerById(parts.db, attempt.account_id, attempt.identity_provider_id);
  const provider = stored && (await parts.providers.resolve(stored));
  const wrong = await whatIsWrong(parts, returned, { provider, version: stored?.version });
  // What was said counts once it is known who says it: a stranger's browser must not write into the audit.
  const isTheirs = query.error !== null && wrong === reasonOfError(query.error);
  if (wrong) return await end(parts, attempt, { reason: wrong, said: isTheirs ? query.said : '' });
  // `whatIsWrong` has seen to both; said again for the compiler.
  if (!stored || !provider || 'failed' in provider || query.code === null) return;
  const at = parts.world.clock.now();
  const owned = await inConversation(parts, attempt.conversation_id, async (tx) => {
    const set = { lease_until: at + limits.exchangeLease };
    const moved = await moveAttempt(tx, attempt, { status: 'exchanging', set });
    if (moved) await traceSignIn(tx, attempt, { status: 'exchanging', detail: 'back from the brand with a code', at });
    return moved;
  });
  parts.world.failpoint?.('exchange.claimed');
  if (owned) await exchange(parts, { attempt: owned, provider, stored, code: query.code });
  else await untilFinal(parts, attempt.id);
}

/** In this order: the browser, the place, the time, the configuration, the issuer, and only then what the provider says. */
async function whatIsWrong(
  parts: Parts,
  returned: Returned,
  configured: { provider: Provider | Unresolved | undefined; version: number | undefined },
): Promise<EndReason | undefined> {
  const { attempt, query, leaf } = returned;
  const { provider } = configured;
  if (!isBound(attempt, returned.browserHash)) return 'binding_missing';
  if (!isPlace(parts, attempt, leaf)) return 'issuer_mismatch';
  if (isOver(parts, attempt)) return 'expired';
  if (!provider || configured.version !== attempt.identity_provider_version) return 'config_changed';
  if ('failed' in provider) return provider.failed;
  if (!(await isIssuer(parts, { attempt, provider, iss: query.iss }))) return 'issuer_mismatch';
  if (query.error !== null) return reasonOfError(query.error);
  return query.code === null || query.code.length > longestCode ? 'malformed_response' : undefined;
}

/** The redirect URI it was sent to, LivePerson's second spelling included (P8). */
function isPlace(parts: Parts, attempt: AttemptRow, leaf: string): boolean {
  const expected = redirectUri(parts.publicUrl, {
    account_id: attempt.account_id,
    id: attempt.credential_id,
    mode: attempt.mode,
  });
  const spelled = leaf === 'redirectedCode' ? 'redirectCode' : leaf;
  return attempt.redirect_uri === expected && expected.endsWith(`/${encodeURIComponent(spelled)}`);
}

/**
 * RFC 9207: exact when it is there, and there when it is promised or when the redirect URI alone does not tell (P7). A
 * provider whose issuer nobody knows cannot be told from another at the same redirect URI, whatever `iss` says.
 */
async function isIssuer(
  parts: Parts,
  given: { attempt: AttemptRow; provider: Provider; iss: string | null },
): Promise<boolean> {
  const { attempt, provider, iss } = given;
  if (iss !== null && provider.issuer !== null) return iss === provider.issuer;
  if (provider.promises_iss) return false;
  return attempt.mode !== 'recipe' || (await recipeProviders(parts.db, attempt.account_id)).length < 2;
}

const reasonByError: Record<string, EndReason> = {
  access_denied: 'declined',
  temporarily_unavailable: 'provider_unavailable',
  server_error: 'provider_unavailable',
  login_required: 'interaction_required',
  interaction_required: 'interaction_required',
  account_selection_required: 'interaction_required',
  consent_required: 'interaction_required',
  unauthorized_client: 'client_rejected',
  invalid_client: 'client_rejected',
  invalid_scope: 'misconfigured',
};

function reasonOfError(error: string): EndReason {
  return (Object.hasOwn(reasonByError, error) ? reasonByError[error] : undefined) ?? 'provider_error';
}

async function end(parts: Parts, attempt: AttemptRow, why: { reason: EndReason; said: string }): Promise<void> {
  const ended = await inConversation(parts, attempt.conversation_id, (tx) =>
    endAttempt(tx, parts, { attempt, ...why }),
  );
  parts.world.failpoint?.('attempt.ended');
  if (ended) wake(parts, attempt.conversation_id);
}

async function untilFinal(parts: Parts, attemptId: string): Promise<void> {
  const until = parts.world.clock.now() + limits.duplicateWait;
  for (let wait = 10; parts.world.clock.now() < until; wait = Math.min(wait * 2, 200)) {
    const attempt = await findAttempt(parts.db, attemptId);
    if (!attempt || isFinal(attempt.status)) return;
    await pause(parts, wait);
  }
}
