/** The shell of a turn, as `http` and `main` use it. */
import type { Json } from '../world/json.ts';
import type { Trial, TrialResult } from './trial.ts';

export interface Opened {
  conversation_id: string;
  session_token: string;
  consumer_id: string;
}

/** An open conversation whose session token was checked. */
export interface Session {
  conversation_id: string;
  account_id: string;
  bot_id: string;
  /** The conversation was closed: the token only tells that much any more. */
  ended: boolean;
}

export type IncomingMessage =
  | { id: string; text: string }
  | { id: string; postback: string; label?: string; metadata?: Record<string, unknown>[] };

/** A file that the bot asks for. */
export interface IncomingFile {
  name: string;
  bytes: Uint8Array;
  caption?: string;
}

/** What a page of the brand's sends, and the key it sends with it. */
export interface WebViewArrival {
  key: string;
  bot_id: string;
  conversation_id: string;
  user_id: string;
  message?: string;
  variables: Record<string, string>;
}

/** What people tell of a conversation they were handed; `message`: what they say to the consumer with it. */
export interface PeoplesReport {
  account_id: string;
  conversation_id: string;
  status: 'failed' | 'ended';
  message?: string;
}

/** An event as the contract shows it; links are filled in for the conversation's own session only. */
export type WireEvent = { seq: number; at: string; type: string } & { [key: string]: Json };

export interface Runtime {
  /** Throws `not_found` for an unknown or unpublished bot. `browser` is the browser secret of the hosted chat. */
  open(start: { bot_id: string; channel: 'web' | 'text'; locale?: string; browser?: string }): Promise<Opened>;
  /** Throws `unauthorized`; another conversation's token gives `not_found`. */
  session(conversation_id: string, session_token: string): Promise<Session>;
  /** Durable when it resolves (I1). Throws `message_id_reused`, `conversation_closed`, `rate_limited`. */
  accept(session: Session, message: IncomingMessage): Promise<{ seq: number }>;
  /** Durable when it resolves. Throws `conflict` where the bot asks for no file, `conversation_closed`, `rate_limited`. */
  acceptFile(session: Session, file: IncomingFile): Promise<{ seq: number }>;
  /** Throws what `acceptFile` would throw now, so that a body nobody waits for is not read. */
  expectFile(session: Session): Promise<void>;
  /** Through LivePerson's Web View API. Throws `unauthorized` where the key does not fit or the bot has it switched off. */
  webView(arrival: WebViewArrival): Promise<void>;
  events(session: Session, after: number, limit?: number): Promise<{ events: WireEvent[]; last_seq: number }>;
  /** Hears `events` when there are new ones, `typing` while the bot works, `closed` at the end. Returns what ends it. */
  listen(conversation_id: string, hear: (what: 'events' | 'typing' | 'closed') => void): () => void;
  close(session: Session): Promise<void>;
  cancelSignIn(session: Session, attempt_id: string): Promise<void>;
  renewSignIn(session: Session, attempt_id: string): Promise<void>;
  connections(
    session: Session,
  ): Promise<
    { id: string; credential: string; scopes: string[]; status: string; since: string; last_used: string | null }[]
  >;
  endConnection(session: Session, connection_id: string): Promise<void>;
  /** People give a conversation back. Throws `not_found`, `conversation_closed`, and `conflict` where the bot has it. */
  report(report: PeoplesReport): Promise<void>;
  /** Somebody of the brand's says something to the consumer. Throws like `report`. */
  sayForPeople(said: { account_id: string; conversation_id: string; text: string }): Promise<{ seq: number }>;
  /** Calls an integration once, outside of any conversation. */
  tryIntegration(trial: Trial): Promise<TrialResult>;
  /** Starts timers and recovery. */
  start(): Promise<void>;
  /** Finishes turns under way, takes no new ones. */
  drain(): Promise<void>;
}
