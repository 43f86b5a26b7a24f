/**
 * Who proves what: binding binds one browser, never "the attempt". Two methods are here, `browser` and `code`; `native`
 * comes with the embedded widget and `identity` with signed-in conversations (`BindingMethod` names their places).
 */
import {
  type AttemptBrowserRow,
  type AttemptRow,
  type AttemptSettingRow,
  attemptBrowsers,
  lateBrowsers,
  moveAttempt,
  openAttemptsOf,
  removeAttemptBrowser,
  setWrongCodes,
  wrongCodesOf,
} from '../store/attempt.ts';
import type { Transaction } from '../store/database.ts';
import { traceSignIn } from './sign-in-trace.ts';
import { appendEvent } from '../store/event.ts';
import { isFinal, limits, mayMove } from './attempt.ts';
import { codeHash, codeShape, sameHash } from './code.ts';
import { type Asker, type BindingMethod, bindingLevel, type TypedCode } from './delegation.ts';
import { endAttempt } from './end-attempt.ts';
import type { Parts } from './parts.ts';

/** How this browser is proven for this attempt, or null. A browser is known by the hash of its cookie only. */
export function proofOf(
  attempt: AttemptRow,
  setting: Pick<AttemptSettingRow, 'browser_hash'>,
  browserHash: string | null,
): BindingMethod | null {
  if (browserHash === null) return null;
  const isConversations = setting.browser_hash !== null && sameHash(setting.browser_hash, browserHash);
  if (isConversations && bindingLevel.browser >= attempt.minimum_level) return 'browser';
  return isBound(attempt, browserHash) && attempt.bound_method === 'code' ? 'code' : null;
}

export function isBound(attempt: AttemptRow, browserHash: string | null): boolean {
  return browserHash !== null && attempt.bound_browser !== null && sameHash(attempt.bound_browser, browserHash);
}

/** Whether a typed code may prove a browser for this attempt. */
export function codeIsEnough(attempt: Pick<AttemptRow, 'minimum_level'>): boolean {
  return bindingLevel.code >= attempt.minimum_level;
}

/** Binds exactly this browser; one that was bound before loses its state with it. Undefined for the loser of the move. */
export async function bindBrowser(
  tx: Transaction,
  bind: { attempt: AttemptRow; browser_hash: string; method: BindingMethod; at: number },
): Promise<AttemptRow | undefined> {
  const { attempt, browser_hash, method, at } = bind;
  if (!mayMove(attempt.status, 'bound')) return undefined;
  const bound = await moveAttempt(tx, attempt, {
    status: 'bound',
    set: {
      bound_browser: browser_hash,
      bound_level: bindingLevel[method],
      bound_method: method,
      state_hash: null,
      verifier: null,
      nonce: null,
    },
  });
  if (!bound) return undefined;
  await removeAttemptBrowser(tx, attempt.id, browser_hash);
  const body = { attempt_id: attempt.id, status: 'bound' };
  await appendEvent(tx, { conversation_id: attempt.conversation_id, type: 'sign_in', body, at });
  await traceSignIn(tx, attempt, { status: 'bound', method, at });
  return bound;
}

/** A message that may be a code. Only the conversation's own messages come here, so nobody else can prove a browser (V6). */
export async function typedCode(
  tx: Transaction,
  parts: Parts,
  typed: { conversation: Asker; text: string },
): Promise<TypedCode> {
  const code = codeShape(typed.text);
  if (code === undefined) return { kind: 'none' };
  const at = parts.world.clock.now();
  const showing = await browsersShowingCodes(tx, typed.conversation.id, at);
  const newest = showing[0];
  if (!newest) return await lateCode(tx, parts, { conversation_id: typed.conversation.id, code, at });
  let match: Showing | undefined;
  // Every one is compared, whether or not one matched before (V7).
  for (const one of showing) {
    if (sameHash(one.browser.code_hash, codeHash(parts.vault, one.attempt.id, code))) match = one;
  }
  if (!match) return await wrongCode(tx, parts, { attempt: newest.attempt, at });
  const { attempt, browser } = match;
  const bound = await bindBrowser(tx, { attempt, browser_hash: browser.browser_hash, method: 'code', at });
  return bound ? { kind: 'bound', attempt_id: attempt.id } : { kind: 'none' };
}

/**
 * The code of a sign-in that is over is no word for the bot: the last one's is known by its hash, and any other six letters
 * are a message like any other (V5).
 */
async function lateCode(
  tx: Transaction,
  parts: Parts,
  typed: { conversation_id: string; code: string; at: number },
): Promise<TypedCode> {
  const { conversation_id, code, at } = typed;
  const late = await lateBrowsers(tx, conversation_id, at);
  const matches = late.filter((row) => sameHash(row.code_hash, codeHash(parts.vault, row.attempt_id, code)));
  return matches[0] ? { kind: 'late', attempt_id: matches[0].attempt_id } : { kind: 'none' };
}

interface Showing {
  attempt: AttemptRow;
  browser: AttemptBrowserRow;
}

async function browsersShowingCodes(tx: Transaction, conversationId: string, at: number): Promise<Showing[]> {
  const showing: Showing[] = [];
  for (const attempt of await openAttemptsOf(tx, conversationId)) {
    if (isFinal(attempt.status) || attempt.expires_at <= at || !mayMove(attempt.status, 'bound')) continue;
    for (const browser of await attemptBrowsers(tx, attempt.id)) showing.push({ attempt, browser });
  }
  return showing;
}

/** Counted for the attempt and for the conversation, so that new links bring no new tries (V2). */
async function wrongCode(
  tx: Transaction,
  parts: Parts,
  wrong: { attempt: AttemptRow; at: number },
): Promise<TypedCode> {
  const { attempt, at } = wrong;
  const { conversation_id } = attempt;
  const recent = (await wrongCodesOf(tx, conversation_id)).filter((time) => time > at - 3_600_000);
  await setWrongCodes(tx, conversation_id, [...recent, at]);
  const wrong_codes = attempt.wrong_codes + 1;
  const isOver = wrong_codes >= limits.wrongCodesPerAttempt || recent.length + 1 >= limits.wrongCodesPerHour;
  if (isOver) {
    const ended = await endAttempt(tx, parts, { attempt, reason: 'code_attempts', set: { wrong_codes } });
    return ended ? { kind: 'ended', attempt_id: attempt.id, outcome: 'binding_failed' } : { kind: 'none' };
  }
  const counted = await moveAttempt(tx, attempt, { status: attempt.status, set: { wrong_codes } });
  if (!counted) return { kind: 'none' };
  const attempts_left = limits.wrongCodesPerAttempt - wrong_codes;
  const body = { attempt_id: attempt.id, status: 'code_rejected', attempts_left };
  await appendEvent(tx, { conversation_id, type: 'sign_in', body, at });
  return { kind: 'rejected', attempt_id: attempt.id, attempts_left };
}
