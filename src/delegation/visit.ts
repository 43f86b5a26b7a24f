import {
  type AttemptRow,
  type AttemptSettingRow,
  attemptBrowsers,
  attemptSetting,
  findAttempt,
} from '../store/attempt.ts';
import { isFinal, outcomeOf } from './attempt.ts';
import { codeIsEnough, isBound, proofOf } from './binding.ts';
import { codeFor, sameHash, shownCode } from './code.ts';
import { attemptIdOf } from './link.ts';
import type { Parts } from './parts.ts';
import type { PageSetting, SignInView } from './sign-in-pages.ts';

/** A link's attempt with its setting, as one reader sees them. */
export interface Visited {
  attempt: AttemptRow;
  row: AttemptSettingRow;
  setting: PageSetting;
  browser_hash: string | null;
}

/** How long after a code was made for a browser without our cookie its missing return is worth a word. ms. */
const cookieWord = 15_000;

export async function visited(parts: Parts, link: string, browser: string | null): Promise<Visited | undefined> {
  const attemptId = attemptIdOf(parts, link);
  const attempt = attemptId === undefined ? undefined : await findAttempt(parts.db, attemptId);
  const row = attempt && (await attemptSetting(parts.db, attempt.conversation_id));
  if (!attempt || !row) return undefined;
  const isHosted = row.channel === 'web' && row.browser_hash !== null;
  const setting = {
    brand: row.brand,
    bot: row.bot,
    locale: row.locale,
    chat_url: isHosted ? `${parts.publicUrl}/chat/${encodeURIComponent(attempt.bot_id)}` : null,
  };
  return { attempt, row, setting, browser_hash: hashOf(parts, browser) };
}

/** This browser, as rows know it. What does not look like our cookie is none. */
export function hashOf(parts: Parts, browser: string | null): string | null {
  return browser !== null && /^[A-Za-z0-9_-]{43}$/.test(browser) ? parts.vault.mac('browser', browser) : null;
}

/** True when its time is over, whether or not somebody has noted that yet. */
export function isOver(parts: Parts, attempt: AttemptRow): boolean {
  const isWaiting = ['offered', 'bound', 'redirected'].includes(attempt.status);
  return isFinal(attempt.status) || (isWaiting && attempt.expires_at <= parts.world.clock.now());
}

export async function visit(parts: Parts, link: string, browser: string | null): Promise<SignInView> {
  const seen = await visited(parts, link, browser);
  if (!seen) return { kind: 'unknown' };
  const { attempt, setting, browser_hash } = seen;
  if (isOver(parts, attempt)) return endedView(seen);
  if (attempt.status === 'exchanging' || attempt.status === 'quarantined') return { kind: 'working', setting };
  const page = { setting, visit: String(attempt.version) };
  if (proofOf(attempt, seen.row, browser_hash) !== null) {
    // Back from the provider, a page that goes on by itself would be a trap.
    return { kind: 'continue', ...page, auto: attempt.status !== 'redirected', proven: true, cookies_missing: false };
  }
  if (!codeIsEnough(attempt)) return { kind: 'other_browser', ...page };
  const showing = await attemptBrowsers(parts.db, attempt.id);
  if (browser !== null && browser_hash !== null && showing.some((row) => sameHash(row.browser_hash, browser_hash))) {
    return { kind: 'code', setting, code: shownCode(codeFor(parts.vault, attempt.id, browser)) };
  }
  const now = parts.world.clock.now();
  const cookies_missing = browser_hash === null && showing.some((row) => now - row.created_at < cookieWord);
  return { kind: 'continue', ...page, auto: false, proven: false, cookies_missing };
}

/** A grant is told to the browser that got it, and to the chat's own; for any other it is simply over. */
function endedView(seen: Visited): SignInView {
  const { attempt, row, setting, browser_hash } = seen;
  const outcome = outcomeOf(attempt) ?? 'expired';
  const isOwn =
    isBound(attempt, browser_hash) ||
    (row.browser_hash !== null && browser_hash !== null && sameHash(row.browser_hash, browser_hash));
  return outcome !== 'granted' || isOwn ? { kind: 'ended', setting, outcome } : { kind: 'over', setting };
}
