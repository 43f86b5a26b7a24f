/**
 * Keeps a connection's token fresh. The row is the lock: owner, fence and deadline stand in it, so lock and data cannot
 * disagree; a holder that was paused past its lease loses its write to the fence.
 */
import type { Outcome } from '../bot/outcome.ts';
import {
  type ConnectionRow,
  claimRefresh,
  extendRefresh,
  findConnection,
  markNeedsReauth,
  releaseRefresh,
  storeRefreshed,
} from '../store/connection.ts';
import { providerById, type ProviderRow } from '../store/consumer-credential.ts';
import { randomText } from '../world/id.ts';
import { expiryOf } from './grant.ts';
import { checkIdToken } from './id-token.ts';
import { isOf } from './made-with.ts';
import { type Parts, pause } from './parts.ts';
import type { Provider } from './provider.ts';
import { oweConnection } from './revocation.ts';
import { readTokenAnswer, type TokenAnswer, type Tokens } from './token-answer.ts';
import { tokenOwner } from './token-owner.ts';
import { tokenRequest } from './token-request.ts';

export type Fresh =
  | { kind: 'usable'; row: ConnectionRow }
  /** Only a new consent helps. */
  | { kind: 'needs_reauth' }
  /** No token now, and nothing the consumer could do about it: never a sign-in (R5). */
  | { kind: 'unavailable'; outcome: Extract<Outcome, 'provider_unavailable' | 'provider_error' | 'misconfigured'> };

export interface Refresher {
  /** The connection with a token that can be used now. `refused`: the brand did not take the one in `row`. */
  fresh(row: ConnectionRow, refused: boolean): Promise<Fresh>;
}

const lease = 15_000;
const http = 8_000;
const longestWait = 9_000;
/** How long nobody tries again after a failure, plus up to as much again at random (R4, R7). */
const restAfterFailure = 5_000;

export function createRefresher(parts: Parts): Refresher {
  const underWay = new Map<string, Promise<Fresh>>();
  return {
    async fresh(row, refused) {
      const now = parts.world.clock.now();
      if (row.status !== 'active' && row.status !== 'refreshing') return { kind: 'needs_reauth' };
      if (!refused && !isStale(row, now)) return { kind: 'usable', row };
      if (row.refresh_token === null) return await withoutRefreshToken(parts, row, refused);
      const key = `${row.id}:${row.token_version}:${refused}`;
      const running = underWay.get(key) ?? refresh(parts, row, refused).finally(() => underWay.delete(key));
      underWay.set(key, running);
      return await running;
    },
  };
}

/** Proportional, so that a token of a minute is not refreshed at each use (R6). */
export function isStale(row: Pick<ConnectionRow, 'expires_at' | 'lifetime'>, now: number): boolean {
  if (row.expires_at === null) return false;
  const margin = Math.min((row.lifetime ?? 0) * 0.1, 5 * 60_000);
  return now >= row.expires_at - margin;
}

function isAlive(row: ConnectionRow, now: number): boolean {
  return row.expires_at === null || now < row.expires_at;
}

async function withoutRefreshToken(parts: Parts, row: ConnectionRow, refused: boolean): Promise<Fresh> {
  if (!refused && isAlive(row, parts.world.clock.now())) return { kind: 'usable', row };
  await parts.db.write((tx) => markNeedsReauth(tx, row, refused ? 'keep' : 'erase'));
  return { kind: 'needs_reauth' };
}

async function refresh(parts: Parts, row: ConnectionRow, refused: boolean): Promise<Fresh> {
  const { clock, random } = parts.world;
  const until = clock.now() + longestWait;
  for (let wait = 25; ; wait = Math.min(wait * 2, 200)) {
    const now = clock.now();
    const { id, token_version, generation } = row;
    const claim = { id, token_version, generation, owner: randomText(random, 9), now, until: now + lease };
    const claimed = await parts.db.write((tx) => claimRefresh(tx, claim));
    if (claimed) parts.world.failpoint?.('refresh.claimed');
    if (claimed) return await refreshClaimed(parts, claimed, refused);
    const current = await findConnection(parts.db, id);
    const known = whatIsKnown(row, current, { refused, now });
    if (known) return known;
    if (clock.now() + wait > until) return { kind: 'unavailable', outcome: 'provider_unavailable' };
    await pause(parts, wait);
  }
}

/** What the row says without waiting for its holder; undefined: wait. */
function whatIsKnown(
  before: ConnectionRow,
  current: ConnectionRow | undefined,
  at: { refused: boolean; now: number },
): Fresh | undefined {
  if (!current || (current.status !== 'active' && current.status !== 'refreshing')) return { kind: 'needs_reauth' };
  const isNew = current.token_version !== before.token_version;
  if (isNew || (!at.refused && isAlive(current, at.now))) return { kind: 'usable', row: current };
  const rests = current.retry_after !== null && current.retry_after > at.now;
  return rests ? { kind: 'unavailable', outcome: 'provider_unavailable' } : undefined;
}

async function refreshClaimed(parts: Parts, row: ConnectionRow, refused: boolean): Promise<Fresh> {
  const stored = await providerById(parts.db, row.account_id, row.identity_provider_id);
  if (!stored || !isOf(row, stored)) return await strand(parts, row);
  const provider = await parts.providers.resolve(stored);
  if ('failed' in provider) return await rest(parts, row, { refused, outcome: 'provider_unavailable' });
  const sentAt = parts.world.clock.now();
  const answer = await requestTokens(parts, provider, row);
  parts.world.failpoint?.('refresh.answered');
  if (!answer.ok) return await failed(parts, row, { refused, answer });
  const checked = await checkIdToken(parts.providers, provider, {
    id_token: answer.tokens.id_token,
    nonce: null,
    asked: false,
    now: parts.world.clock.now(),
  });
  const isAnother =
    checked.ok && checked.person !== null && row.subject !== null && checked.person.subject !== row.subject;
  if (!checked.ok || isAnother) {
    // Tokens of somebody else must not come in through the back door (R11).
    parts.world.log.error(
      { connection: row.id, id_token: checked.ok ? 'subject' : checked.reason },
      'refreshed tokens refused',
    );
    await giveBack(parts, row, { tokens: answer.tokens, provider: stored });
    return await giveUp(parts, row);
  }
  return await keep(parts, row, { tokens: answer.tokens, sentAt, provider: stored });
}

/** Eight seconds; once more when the answer was lost, while most rotating providers still take the same token (R3). */
async function requestTokens(parts: Parts, provider: Provider, row: ConnectionRow): Promise<TokenAnswer> {
  const token = await parts.vault.open(row.refresh_token ?? '', tokenOwner(row, 'refresh_token'));
  const request = {
    url: provider.token_endpoint,
    form: { grant_type: 'refresh_token', refresh_token: token.reveal() },
    timeout_ms: http,
  };
  const first = await tokenRequest(parts.egress, provider, request);
  const isLost = 'failed' in first && first.failed === 'broken' && first.sent;
  const stillOurs = isLost && (await parts.db.write((tx) => extendRefresh(tx, row, parts.world.clock.now() + lease)));
  const answer = stillOurs ? await tokenRequest(parts.egress, provider, request) : first;
  if ('failed' in answer) return { ok: false, reason: 'provider_unavailable', error: answer.reason };
  return readTokenAnswer(answer, row.scope);
}

async function failed(
  parts: Parts,
  row: ConnectionRow,
  given: { refused: boolean; answer: Extract<TokenAnswer, { ok: false }> },
): Promise<Fresh> {
  const { answer, refused } = given;
  parts.world.log.warn({ connection: row.id, reason: answer.reason, error: answer.error }, 'refresh failed');
  if (answer.reason === 'provider_unavailable')
    return await rest(parts, row, { refused, outcome: 'provider_unavailable' });
  if (answer.error === 'invalid_grant') return await giveUp(parts, row);
  const isClient = answer.error === 'invalid_client' || answer.error === 'unauthorized_client';
  return await rest(parts, row, { refused, outcome: isClient ? 'misconfigured' : 'provider_error' });
}

/** Gives the lock back. A token that is still alive goes on being used (R4). */
async function rest(
  parts: Parts,
  row: ConnectionRow,
  why: { refused: boolean; outcome: Extract<Fresh, { kind: 'unavailable' }>['outcome'] },
): Promise<Fresh> {
  const now = parts.world.clock.now();
  const [byte = 0] = parts.world.random.bytes(1);
  await parts.db.write((tx) => releaseRefresh(tx, row, now + restAfterFailure + byte * 20));
  return !why.refused && isAlive(row, now) ? { kind: 'usable', row } : { kind: 'unavailable', outcome: why.outcome };
}

/** The provider's "no" counts only for the token that is still in the row (R3, design 5.3). */
async function giveUp(parts: Parts, row: ConnectionRow): Promise<Fresh> {
  const marked = await parts.db.write((tx) => markNeedsReauth(tx, row, 'erase'));
  const current = marked ? undefined : await findConnection(parts.db, row.id);
  const isNewer = current && current.token_version !== row.token_version && current.status === 'active';
  return isNewer ? { kind: 'usable', row: current } : { kind: 'needs_reauth' };
}

/** The provider was set up anew since: nothing of hers goes to another place, so all that is left is a new consent. */
async function strand(parts: Parts, row: ConnectionRow): Promise<Fresh> {
  parts.world.log.warn({ connection: row.id }, 'not refreshed: its provider is configured otherwise now');
  await parts.db.write(async (tx) => {
    if (await markNeedsReauth(tx, row, 'erase')) await oweConnection(tx, parts, { row });
  });
  return { kind: 'needs_reauth' };
}

interface Got {
  tokens: Tokens;
  provider: ProviderRow;
}

/** Tokens that came and are not taken. They are nobody's here, so no other connection lives on them. */
async function giveBack(parts: Parts, row: ConnectionRow, got: Got): Promise<void> {
  const sealed = await sealedTokens(parts, row, got.tokens);
  const refused = { ...row, ...sealed, subject: null };
  await parts.db.write((tx) => oweConnection(tx, parts, { row: refused, provider: got.provider }));
}

async function sealedTokens(parts: Parts, row: ConnectionRow, tokens: Tokens) {
  const next = tokens.refresh_token;
  return {
    access_token: await parts.vault.seal(tokens.access_token, tokenOwner(row, 'access_token')),
    // None came: the old one goes on (R10).
    refresh_token: next === null ? row.refresh_token : await parts.vault.seal(next, tokenOwner(row, 'refresh_token')),
  };
}

/** Stored before it is used (I5): a rotated refresh token that is lost here would sign the consumer out. */
async function keep(parts: Parts, row: ConnectionRow, got: Got & { sentAt: number }): Promise<Fresh> {
  const { tokens, sentAt, provider } = got;
  const sealed = await sealedTokens(parts, row, tokens);
  const life = { ...tokens, refresh_token: tokens.refresh_token ?? tokens.access_token };
  const stored = await parts.db.write(async (tx) => {
    const kept = await storeRefreshed(tx, row, {
      ...sealed,
      scope: tokens.scope,
      // Stale again at once would be a storm: then only a 401 tells (RF-07).
      expires_at: tokens.lifetime === 0 ? null : expiryOf(life, sentAt),
      lifetime: tokens.lifetime,
      obtained_at: sentAt,
    });
    const current = kept ?? (await findConnection(tx, row.id));
    // Signed out meanwhile: what came too late goes back to the provider (R8).
    if (!kept && current?.ended_at !== null) await oweConnection(tx, parts, { row: { ...row, ...sealed }, provider });
    return kept ?? current;
  });
  parts.world.failpoint?.('refresh.stored');
  return stored?.status === 'active' ? { kind: 'usable', row: stored } : { kind: 'needs_reauth' };
}
