/** What the sign-in pages ask of delegation, and what they are told: values to render, never rows. */
import type { AttemptOutcome } from '../bot/outcome.ts';

/** Who asks, in the words of the page. */
export interface PageSetting {
  brand: string;
  bot: string;
  locale: string;
  /** Null where the chat is not a page of ours. */
  chat_url: string | null;
}

export type SignInView =
  /** No such link: never made here, or long gone. */
  | { kind: 'unknown' }
  /** May press Continue. `visit` comes back with the form, so that a double click is seen as one. */
  | { kind: 'continue'; setting: PageSetting; visit: string; auto: boolean; proven: boolean; cookies_missing: boolean }
  /** This browser's code waits to be typed in the chat. */
  | { kind: 'code'; setting: PageSetting; code: string }
  /** Only the browser of the chat is good enough here. */
  | { kind: 'other_browser'; setting: PageSetting; visit: string }
  /** Another tab of this browser, or its callback, is at it. */
  | { kind: 'working'; setting: PageSetting }
  | { kind: 'ended'; setting: PageSetting; outcome: AttemptOutcome }
  /** It was granted, but not to this browser: nothing is said of it. */
  | { kind: 'over'; setting: PageSetting };

export type Proceeded =
  | { kind: 'unknown' }
  /** 303 to the provider. */
  | { kind: 'redirect'; url: string }
  /** 303 to the link itself, whose page says what is next. `set_browser`: a new cookie for this browser. */
  | { kind: 'look'; set_browser: string | null }
  /** The provider does not answer; the attempt stays open. */
  | { kind: 'outage'; setting: PageSetting; visit: string };

export interface CallbackRequest {
  account_id: string;
  /** The credential's id, or LivePerson's `redirectCode`. */
  leaf: string;
  /** The raw query, without the question mark. */
  query: string;
  /** This browser's cookie. */
  browser: string | null;
}

/** `link`: the page that shows the outcome. Null: the request belongs to no attempt, or must not learn of it. */
export interface CalledBack {
  link: string | null;
}

export interface SignInPages {
  /** Changes nothing: previews and scanners may come (L1). */
  visit(link: string, browser: string | null): Promise<SignInView>;
  proceed(link: string, browser: string | null, visit: string | null): Promise<Proceeded>;
  /** Resolves when the outcome is known, or after ten seconds. */
  callback(request: CallbackRequest): Promise<CalledBack>;
}
