/** A brand call with the consumer's permission: the one place where a handle is redeemed. */
import type { Answer, EgressFailure, OutgoingRequest } from '../egress/egress.ts';
import { type CallEvent, send } from '../integration/call.ts';
import { type BearerChallenge, bearerChallenge } from '../integration/challenge.ts';
import { callResultOf } from '../integration/outcome-of.ts';
import { appendAudit } from '../store/audit.ts';
import { type ConnectionRow, findConnection, markNeedsReauth, touchConnection } from '../store/connection.ts';
import type { CallResult } from '../engine/step.ts';
import type { Challenge, Delegated, DelegatedCall } from './delegation.ts';
import { type PlacedHandle, placeHandle, tokenHandle } from './handles.ts';
import { fits, sharedOrigins } from './made-with.ts';
import type { Parts } from './parts.ts';
import type { Fresh, Refresher } from './refresh.ts';
import { tokenOwner } from './token-owner.ts';

/** How long "last used" may lag behind: a write for each call would cost more than it tells. ms. */
const lastUsedLag = 60_000;

export async function call(parts: Parts, refresher: Refresher, wanted: DelegatedCall): Promise<Delegated> {
  const events: CallEvent[] = [];
  const row = await findConnection(parts.db, wanted.connection_id);
  if (!row || !belongs(row, wanted)) return refusedUnsent(events);
  const first = await refresher.fresh(row, false);
  noteFresh(parts, events, { before: row, fresh: first });
  if (first.kind !== 'usable') return withoutToken(first, events);
  const answer = await sendWith(parts, { wanted, row: first.row, events });
  if (!isUnauthorized(answer)) return await judged(parts, { wanted, row: first.row, answer, events });
  if (challengeOf(answer)?.error === 'insufficient_user_authentication') {
    return await judged(parts, { wanted, row: first.row, answer, events });
  }
  // A 401 proves that the call was not done: one refresh, and one more try, whatever the method (X5, RF-08).
  const second = await refresher.fresh(first.row, true);
  noteFresh(parts, events, { before: first.row, fresh: second });
  if (second.kind === 'needs_reauth') return refused('needs_reauth', callResultOf(answer, wanted.repeatable), events);
  if (second.kind === 'unavailable') return withoutToken(second, events);
  const again = await sendWith(parts, { wanted, row: second.row, events });
  return await judged(parts, { wanted, row: second.row, answer: again, events });
}

/** Another conversation's, credential's, account's or configuration's connection is none (X13). */
function belongs(row: ConnectionRow, wanted: DelegatedCall): boolean {
  const { credential } = wanted;
  return (
    row.conversation_id === wanted.conversation_id &&
    row.credential_id === credential.id &&
    row.account_id === credential.account_id &&
    row.ended_at === null &&
    fits(row, credential)
  );
}

interface Sending {
  wanted: DelegatedCall;
  row: ConnectionRow;
  events: CallEvent[];
}

async function sendWith(parts: Parts, sending: Sending): Promise<Answer | EgressFailure> {
  const { wanted, row, events } = sending;
  const handle = tokenHandle(parts.vault, wanted.conversation_id);
  const placed = placeHandle(wanted.request, { header: wanted.credential.header, handle });
  const secret = await secretFor(parts, { wanted, row, placed });
  const { body: _, ...given } = wanted.request;
  const { url, headers, body } = placed;
  const request = { ...given, url, headers, ...(body === undefined ? {} : { body }) };
  // Recorded beside the call and before its answer is used: a use that cannot be audited has no result.
  const [sent] = await Promise.all([
    send(
      { egress: parts.egress, ...parts.world },
      {
        request,
        idempotency_key: wanted.idempotency_key,
        repeatable: wanted.repeatable,
        ...(secret ? { secret } : {}),
      },
    ),
    secret ? recordUse(parts, wanted, row) : undefined,
  ]);
  events.push(...sent.events);
  await noteAccepted(parts, row, sent.answer);
  return sent.answer;
}

/** Managed calls carry the token by themselves; a recipe's only where its author placed the handle. */
async function secretFor(
  parts: Parts,
  given: { wanted: DelegatedCall; row: ConnectionRow; placed: PlacedHandle },
): Promise<OutgoingRequest['secret'] | undefined> {
  const { wanted, row, placed } = given;
  const { credential } = wanted;
  const isManaged = credential.mode === 'managed';
  if (row.access_token === null || (placed.prefix === null && !isManaged)) return undefined;
  if (isManaged) {
    for (const name of Object.keys(placed.headers)) {
      if (name.toLowerCase() === credential.header.toLowerCase()) delete placed.headers[name];
    }
  }
  const value = await parts.vault.open(row.access_token, tokenOwner(row, 'access_token'));
  return {
    header: credential.header,
    prefix: isManaged ? 'Bearer ' : (placed.prefix ?? ''),
    value,
    origins: sharedOrigins(row, credential.origins),
  };
}

async function recordUse(parts: Parts, wanted: DelegatedCall, row: ConnectionRow): Promise<void> {
  const { method, url } = wanted.request;
  await parts.db.write((tx) =>
    appendAudit(tx, {
      account_id: row.account_id,
      at: parts.world.clock.now(),
      actor: `conversation:${row.conversation_id}`,
      action: 'token.used',
      subject: row.id,
      details: {
        method,
        origin: URL.canParse(url) ? new URL(url).origin : '',
        idempotency_key: wanted.idempotency_key,
      },
    }),
  );
}

async function noteAccepted(parts: Parts, row: ConnectionRow, answer: Answer | EgressFailure): Promise<void> {
  if ('failed' in answer || answer.status === 401) return;
  const now = parts.world.clock.now();
  if (row.last_used !== null && now - row.last_used < lastUsedLag) return;
  await parts.db.write((tx) => touchConnection(tx, row, now));
}

/** What the last answer means for the permission. */
async function judged(parts: Parts, got: Sending & { answer: Answer | EgressFailure }): Promise<Delegated> {
  const { wanted, row, answer, events } = got;
  const result = callResultOf(answer, wanted.repeatable);
  if ('failed' in answer) return { kind: 'ended', result, trace: { events } };
  const challenge = challengeOf(answer);
  if (answer.status === 403 && challenge?.error === 'insufficient_scope') {
    return { ...refused('scope', result, events), challenge: { ...named(challenge), error: 'insufficient_scope' } };
  }
  if (answer.status === 401 && challenge?.error === 'insufficient_user_authentication') {
    return {
      ...refused('step_up', result, events),
      challenge: { ...named(challenge), error: 'insufficient_user_authentication' },
    };
  }
  if (answer.status !== 401) return { kind: 'ended', result, trace: { events } };
  await parts.db.write((tx) => markNeedsReauth(tx, row, 'keep'));
  return refused('needs_reauth', result, events);
}

function isUnauthorized(answer: Answer | EgressFailure): boolean {
  return !('failed' in answer) && answer.status === 401;
}

function challengeOf(answer: Answer | EgressFailure): BearerChallenge | undefined {
  return 'failed' in answer ? undefined : bearerChallenge(answer.headers['www-authenticate']);
}

function named(challenge: BearerChallenge): Omit<Challenge, 'error'> {
  const { error: _, ...wishes } = challenge;
  return wishes;
}

type Refused = Extract<Delegated, { kind: 'refused' }>;

function refused(reason: Refused['reason'], result: CallResult, events: CallEvent[]): Refused {
  return { kind: 'refused', reason, result, trace: { events } };
}

function refusedUnsent(events: CallEvent[]): Refused {
  return refused('needs_reauth', { outcome: 'failure', status: null, body: null }, events);
}

function withoutToken(fresh: Exclude<Fresh, { kind: 'usable' }>, events: CallEvent[]): Delegated {
  if (fresh.kind === 'needs_reauth') return refusedUnsent(events);
  return { kind: 'ended', result: { outcome: fresh.outcome, status: null, body: null }, trace: { events } };
}

function noteFresh(parts: Parts, events: CallEvent[], got: { before: ConnectionRow; fresh: Fresh }): void {
  const { before, fresh } = got;
  const isRefreshed = fresh.kind === 'usable' && fresh.row.token_version !== before.token_version;
  if (isRefreshed) events.push({ at: parts.world.clock.now(), what: 'token_refreshed' });
  else if (fresh.kind !== 'usable') events.push({ at: parts.world.clock.now(), what: `token_${fresh.kind}` });
}
