/** The consumer's permission, as the runtime uses it. `design`: attempts, connections, parked calls, notices — joined by rows. */
import type { BuiltRequest } from '../integration/build-request.ts';
import type { CredentialDocument } from '../api/credential.ts';
import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import type { Outcome } from '../bot/outcome.ts';
import type { CallResult } from '../engine/step.ts';
import type { Transaction } from '../store/database.ts';
import type { Json } from '../world/json.ts';

/** The binding levels of `docs/using-consumer-access-tokens.md`, strongest first. */
export const bindingLevel = { native: 4, browser: 3, identity: 3, code: 2 } as const;
export type BindingMethod = keyof typeof bindingLevel;

/** What delegation must know of a conversation. */
export interface Asker {
  id: string;
  account_id: string;
  bot_id: string;
  bot_name: string;
  channel: 'web' | 'text';
  locale: string;
  generation: number;
  /** Hash of the browser secret set when the conversation was created; null for plain API clients. */
  browser_hash: string | null;
}

/** A Consumer Authentication credential with its provider, as configured now. */
export interface ConsumerCredential {
  id: string;
  account_id: string;
  name: string;
  version: number;
  mode: 'managed' | 'recipe';
  identity_provider_id: string;
  /** Equal as long as the provider's tokens go to the same places: what a connection was made with. */
  provider_mark: string;
  scope: string;
  origins: string[];
  minimum_level: number;
  header: string;
}

export type Permission =
  | { state: 'usable'; connection_id: string }
  | { state: 'missing'; reason: 'none' | 'needs_reauth' | 'level' | 'scope' };

/** A challenge of the brand's API that a new authorization must meet (RFC 6750 and RFC 9470). */
export interface Challenge {
  error: 'insufficient_scope' | 'insufficient_user_authentication';
  scope?: string;
  acr_values?: string;
  max_age?: number;
}

export interface Ask {
  conversation: Asker;
  credential: ConsumerCredential;
  interaction_id: string;
  /** Scopes the call needs; empty: the credential's. */
  scope: string;
  minimum_level: number;
  challenge?: Challenge;
}

export type Asked = { attempt_id: string; reused: boolean } | { refused: Outcome };

/** One rendered call with a place for the permission. */
export interface DelegatedCall {
  conversation_id: string;
  connection_id: string;
  credential: ConsumerCredential;
  request: BuiltRequest;
  idempotency_key: string;
  /** GET, HEAD or declared: may be sent again after an unknown result. */
  repeatable: boolean;
}

/** What happened on the wire, for the trace: never a token. */
export interface CallTrace {
  events: { at: number; what: string; [detail: string]: Json }[];
}

export type Delegated =
  | { kind: 'ended'; result: CallResult; trace: CallTrace }
  /** The permission is gone or too small: ask again. `result` is what the brand said. */
  | {
      kind: 'refused';
      reason: 'needs_reauth' | 'scope' | 'step_up';
      challenge?: Challenge;
      result: CallResult;
      trace: CallTrace;
    };

export interface ConnectionView {
  id: string;
  credential: string;
  scopes: string[];
  status: string;
  since: string;
  last_used: string | null;
}

/** How a typed code went. `none`: no browser shows a code, so the message is the bot's. `late`: the right one, of a sign-in that is over. */
export type TypedCode =
  | { kind: 'none' }
  | { kind: 'bound'; attempt_id: string }
  | { kind: 'late'; attempt_id: string }
  | { kind: 'rejected'; attempt_id: string; attempts_left: number }
  | { kind: 'ended'; attempt_id: string; outcome: 'binding_failed' };

/** What an account is about to configure. `actor`: who does, as the audit names it. */
export type NewConfiguration = { account_id: string; actor: string; identity_provider_id: string } & (
  | { document: IdentityProviderDocument }
  | { credential_id: string; document: Pick<CredentialDocument, 'header' | 'origins'> }
);

export interface Delegation {
  /** The credential of that name or import id, or undefined; throws when its provider is gone. */
  credential(account_id: string, name: string): Promise<ConsumerCredential | undefined>;
  permission(ask: Ask): Promise<Permission>;
  /** Why nobody can sign in at the provider now. Asked before a link is offered: an outage never leads to a sign-in. */
  obstacle(
    credential: ConsumerCredential,
  ): Promise<Extract<Outcome, 'provider_unavailable' | 'misconfigured' | 'blocked'> | undefined>;
  /** Makes or reuses the open attempt, inside the runtime's transaction. */
  ask(tx: Transaction, ask: Ask): Promise<Asked>;
  call(call: DelegatedCall): Promise<Delegated>;
  /** A message that has the shape of a code and stands alone. Runs inside the accepting transaction. */
  typedCode(tx: Transaction, conversation: Asker, text: string): Promise<TypedCode>;
  /** Ends an open attempt as `cancelled`; its notice wakes the conversation. False when it had ended. */
  cancel(tx: Transaction, conversation_id: string, attempt_id: string): Promise<boolean>;
  /** Open attempt of the conversation, if any. */
  openAttempts(
    tx: Transaction,
    conversation_id: string,
  ): Promise<{ id: string; credential_id: string; interaction_id: string | null; mode: string }[]>;
  /** A fresh attempt for the calls of an ended one. */
  renew(tx: Transaction, conversation: Asker, attempt_id: string): Promise<Asked>;
  connections(conversation_id: string): Promise<ConnectionView[]>;
  /**
   * Erases locally and queues revocation; all of the conversation's when none is named. `actor`: who ends it, where it is
   * not the consumer. How many ended.
   */
  end(tx: Transaction, conversation_id: string, one?: { connection_id: string; actor?: string }): Promise<number>;
  /** Ends everything: attempts become `closed`, connections end. */
  endConversation(tx: Transaction, conversation_id: string): Promise<void>;
  /**
   * Ends the connections that were made with another configuration than the given one, which is about to be stored.
   * Call it before the row changes: what is owed to the provider goes where the tokens came from.
   */
  endUnfit(tx: Transaction, configuration: NewConfiguration): Promise<number>;
  /** The sign-in URL of an attempt that belongs to this conversation. */
  linkFor(attempt_id: string): string;
  /** Runs what is due: expiry of attempts, leases of exchanges, revocations. Returns when the next thing is due (epoch ms). */
  work(): Promise<number>;
}
