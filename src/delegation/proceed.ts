/** Continue: a proven browser goes to the provider, any other gets a code of its own. */
import { traceSignIn } from './sign-in-trace.ts';
import { calculatePKCECodeChallenge } from 'oauth4webapi';
import { type AttemptRow, findAttempt, moveAttempt, putAttemptBrowser } from '../store/attempt.ts';
import { consumerCredentialById, providerById } from '../store/consumer-credential.ts';
import type { CredentialDocument } from '../api/credential.ts';
import { randomText } from '../world/id.ts';
import { Secret } from '../world/secret.ts';
import { challengeOf } from './ask.ts';
import { isFinal, limits, mayMove } from './attempt.ts';
import { authorizationUrl, redirectUri } from './authorization-url.ts';
import { bindBrowser, codeIsEnough, isBound, proofOf } from './binding.ts';
import { isBrowserSecret, newBrowserSecret } from './browser-secret.ts';
import { codeFor, codeHash } from './code.ts';
import { credentialDocument } from './configured.ts';
import type { BindingMethod } from './delegation.ts';
import { endAttempt } from './end-attempt.ts';
import { inConversation, type Parts, wake } from './parts.ts';
import type { Provider } from './provider.ts';
import { verifierOwner } from './quarantine.ts';
import type { Proceeded } from './sign-in-pages.ts';
import { isOver, type Visited, visited } from './visit.ts';

const look: Proceeded = { kind: 'look', set_browser: null };

/** A second POST of the same rendered page within this time is a double click: it gets the first one's redirect (L3). ms. */
const doubleClick = 60_000;

/** Presses within this time share one look at the provider: a link pressed without end is no hammer. ms. */
const sharedProbe = 2_000;

export async function proceed(
  parts: Parts,
  link: string,
  from: { browser: string | null; visit: string | null },
): Promise<Proceeded> {
  const seen = await visited(parts, link, from.browser);
  if (!seen) return { kind: 'unknown' };
  const { attempt } = seen;
  if (isOver(parts, attempt) || !mayMove(attempt.status, 'bound')) return look;
  const method = proofOf(attempt, seen.row, seen.browser_hash);
  if (method !== null && seen.browser_hash !== null) {
    return await redirect(parts, seen, { method, browser_hash: seen.browser_hash, visit: from.visit });
  }
  return codeIsEnough(attempt) ? await showCode(parts, attempt, from.browser) : look;
}

/** This browser now shows a code; with a cookie of its own if it came without one of ours. */
async function showCode(parts: Parts, attempt: AttemptRow, given: string | null): Promise<Proceeded> {
  const isOurs = given !== null && isBrowserSecret(parts.vault, given);
  const set_browser = isOurs ? null : newBrowserSecret(parts.vault, parts.world.random);
  const browser = set_browser ?? given ?? '';
  const row = {
    attempt_id: attempt.id,
    browser_hash: parts.vault.mac('browser', browser),
    code_hash: codeHash(parts.vault, attempt.id, codeFor(parts.vault, attempt.id, browser)),
    created_at: parts.world.clock.now(),
  };
  await parts.db.write(async (tx) => {
    const now = await findAttempt(tx, attempt.id);
    if (now && !isFinal(now.status)) await putAttemptBrowser(tx, row, limits.unboundBrowsers);
  });
  return { kind: 'look', set_browser };
}

interface Proven {
  method: BindingMethod;
  browser_hash: string;
  visit: string | null;
}

async function redirect(parts: Parts, seen: Visited, proven: Proven): Promise<Proceeded> {
  const { attempt } = seen;
  const configured = await configuration(parts, attempt);
  if (configured === 'changed') {
    await endNow(parts, attempt);
    return look;
  }
  const provider = await parts.providers.resolve(configured.provider);
  if ('failed' in provider) parts.world.log.warn({ attempt: attempt.id, ...provider }, 'provider cannot be used');
  if ('failed' in provider || !(await parts.providers.available(configured.provider, sharedProbe))) {
    return { kind: 'outage', setting: seen.setting, visit: String(attempt.version) };
  }
  const given = { provider, document: configured.document };
  // Who loses the move reads what won: mostly this browser's own first click.
  for (let tries = 0, current: AttemptRow | undefined = attempt; tries < 3 && current; tries += 1) {
    if (!mayMove(current.status, 'bound')) return look;
    if (isSameClick(parts, current, proven)) return await sameRedirect(parts, current, given);
    const moved = await newRedirect(parts, current, { ...given, ...proven });
    if (moved) return moved;
    current = await findAttempt(parts.db, attempt.id);
  }
  return look;
}

/** The configuration the attempt began with; codes never go to another (D1). */
async function configuration(parts: Parts, attempt: AttemptRow) {
  const credential = await consumerCredentialById(parts.db, attempt.account_id, attempt.credential_id);
  const provider = await providerById(parts.db, attempt.account_id, attempt.identity_provider_id);
  const isSame =
    credential?.version === attempt.credential_version && provider?.version === attempt.identity_provider_version;
  if (!isSame || !credential || !provider) return 'changed' as const;
  return { provider, document: credentialDocument(credential) };
}

function isSameClick(parts: Parts, attempt: AttemptRow, proven: Proven): boolean {
  if (attempt.status !== 'redirected' || attempt.redirected_at === null || proven.visit === null) return false;
  const isRecent = parts.world.clock.now() - attempt.redirected_at < doubleClick;
  return isRecent && isBound(attempt, proven.browser_hash) && Number(proven.visit) < attempt.version;
}

interface Given {
  provider: Provider;
  document: CredentialDocument;
}

async function sameRedirect(parts: Parts, attempt: AttemptRow, given: Given): Promise<Proceeded> {
  if (attempt.verifier === null || attempt.nonce === null || attempt.redirect_uri === null) return look;
  const verifier = await parts.vault.open(attempt.verifier, verifierOwner(attempt));
  const state = stateOf(parts, attempt.id, attempt.verifier);
  const url = await urlFor(attempt, given, {
    verifier,
    state,
    nonce: attempt.nonce,
    redirect_uri: attempt.redirect_uri,
  });
  return { kind: 'redirect', url };
}

async function newRedirect(parts: Parts, attempt: AttemptRow, given: Given & Proven): Promise<Proceeded | undefined> {
  const verifier = new Secret(randomText(parts.world.random, 32));
  const sealed = await parts.vault.seal(verifier, verifierOwner(attempt));
  const state = stateOf(parts, attempt.id, sealed);
  const nonce = randomText(parts.world.random, 16);
  const redirect_uri = redirectUri(parts.publicUrl, {
    account_id: attempt.account_id,
    id: attempt.credential_id,
    mode: attempt.mode,
  });
  const url = await urlFor(attempt, given, { verifier, state, nonce, redirect_uri });
  const at = parts.world.clock.now();
  const isNewlyBound = !isBound(attempt, given.browser_hash);
  const moved = await inConversation(parts, attempt.conversation_id, async (tx) => {
    const bind = { attempt, browser_hash: given.browser_hash, method: given.method, at };
    const bound = isNewlyBound ? await bindBrowser(tx, bind) : attempt;
    if (!bound) return undefined;
    await traceSignIn(tx, attempt, { status: 'redirected', detail: 'to the sign-in page of the brand', at });
    return await moveAttempt(tx, bound, {
      status: 'redirected',
      set: {
        state_hash: stateHash(parts, state),
        verifier: sealed,
        nonce,
        redirect_uri,
        redirected_at: at,
        expires_at: Math.min(at + limits.redirected, attempt.created_at + limits.whole),
      },
    });
  });
  if (!moved) return undefined;
  parts.world.failpoint?.('redirect.committed');
  if (isNewlyBound) wake(parts, attempt.conversation_id);
  return { kind: 'redirect', url };
}

async function urlFor(
  attempt: AttemptRow,
  given: Given,
  made: { verifier: Secret; state: string; nonce: string; redirect_uri: string },
): Promise<string> {
  const { provider, document } = given;
  return authorizationUrl({
    provider,
    document,
    redirect_uri: made.redirect_uri,
    state: made.state,
    nonce: made.nonce,
    code_challenge: provider.pkce === 'off' ? undefined : await calculatePKCECodeChallenge(made.verifier.reveal()),
    scope: attempt.scope,
    challenge: challengeOf(attempt).challenge,
  });
}

/** 256 bits that only this server can compute, from the random verifier it sealed: nothing of it is stored in clear (P4). */
function stateOf(parts: Parts, attemptId: string, sealedVerifier: string): string {
  return parts.vault.mac('state', `make|${attemptId}|${sealedVerifier}`);
}

export function stateHash(parts: Parts, state: string): string {
  return parts.vault.mac('state', `hash|${state}`);
}

async function endNow(parts: Parts, attempt: AttemptRow): Promise<void> {
  const ended = await inConversation(parts, attempt.conversation_id, (tx) =>
    endAttempt(tx, parts, { attempt, reason: 'config_changed' }),
  );
  if (ended) wake(parts, attempt.conversation_id);
}
