/**
 * What goes into and comes out of one step of the engine. `advance({ bot, facts }, state, input)` is pure: it returns the next
 * state, what to show or note at once (`emitted`), and at most one thing it `needs` before it can go on.
 * Everything here is plain JSON, so what stands between any two effects can be stored, resumed and replayed.
 */
import type { Action, Scope } from '../bot/document.ts';
import type { Outcome } from '../bot/outcome.ts';
import type { Json } from '../world/json.ts';

/** Facts of the conversation that templates and scripts may read. Plain text, no secrets. */
export interface Facts {
  conversation_id: string;
  consumer_id: string;
  account_id: string;
  bot_id: string;
  channel: 'web' | 'text';
  locale: string;
  environment: Record<string, string>;
  /** What is known of the consumer, as `getLPUserPersonalInfo` and `getLPCustomerInfo` give it. */
  consumer?: { personal?: Json; customer?: Json };
  /** What `getLPEngagementAttribute` reads, by name. */
  engagement?: Record<string, string>;
  /** The genuine token handle of this conversation: the only value `cidp_accessToken` may take. Never handed to scripts. */
  token_handle?: string;
}

export type Input =
  /** A consumer's message. `postback` is what a tapped button posts; `text` is what is shown for it. `intent`: what another bot, which handed the conversation over, says it means. */
  | {
      type: 'message';
      text: string;
      postback?: string;
      at: number;
      web_view?: Record<string, string>;
      intent?: string;
      /** Of the structured content that was tapped. */
      metadata?: Json[];
    }
  /** Variables that a page of the brand's has sent: for `getWebViewVariable` only, and never the platform's own. */
  | { type: 'web_view'; variables: Record<string, string> }
  | { type: 'script_ended'; result: ScriptResult }
  /** `failed`: they could not be matched, so nothing is known, also not that they do not match. */
  | { type: 'regex_matched'; matched: boolean[]; failed?: boolean }
  /** The call that was needed has ended. */
  | { type: 'call_ended'; result: CallResult }
  /** The call waits for the consumer's permission or confirmation: set its place aside and let the conversation go on. `instead_of`: it takes the place of that parked call. */
  | { type: 'call_parked'; call_id: string; instead_of?: string }
  /** A call that was set aside has ended: go on from its place. */
  | { type: 'parked_call_ended'; call_id: string; result: CallResult }
  | { type: 'understood'; understanding: Understanding }
  /** The hand-over to people was taken on, or not. Fails again later as the message `__agent_escalation_failed__`. */
  | { type: 'transferred'; accepted: boolean }
  /** A hand-over that was taken on has failed later; only the account says so, never a consumer. */
  | { type: 'transfer_failed'; at: number }
  /** People give the conversation back to the bot. */
  | { type: 'given_back' }
  /** The other bot is not there; a hand-over that succeeds is continued by that bot, not by this one. */
  | { type: 'not_routed'; reason: string }
  /** The file the consumer sent in answer to a file upload: it waits to be taken on. `refused`: it is of no type the question takes, and was not kept. */
  | { type: 'file_received'; file: ReceivedFile; at: number; refused?: boolean }
  /** Recipe mode: permission came while the dialog still waits at the question reached from this interaction: run it again. */
  | { type: 'run_again'; interaction_id: string };

export type Need =
  /** `interaction` is the id of the interaction the hook belongs to; empty for `init`. */
  | { type: 'script'; hook: Hook; code: string; globals: string; interaction: string; scope: ScriptScope }
  /** Author regular expressions against the consumer's text; answered in order. */
  | { type: 'regex'; text: string; regexes: string[] }
  /** Run the integration of that name; interaction_id says where, variables are those of templates at this moment. `payload`: what the platform itself tells a function, in place of the author's body. */
  | {
      type: 'call';
      integration: string;
      interaction_id: string;
      variables: VariableView;
      file_id?: string;
      payload?: Json;
    }
  /** Intents and entities of the consumer's text. */
  | { type: 'understand'; text: string }
  /** Hand the conversation to people. `variables`: the session's, when the author lets them go along. */
  | { type: 'transfer'; interaction_id: string; skill: string; agent: string | null; variables: VariableView | null }
  /** Hand the conversation to another bot of the account, which hears `message`. With `group`: to whichever bot of it understands best. */
  | { type: 'route'; interaction_id: string; bot: string; group?: string; message: string; intent: string | null };

/** What was recognised in a text, the most certain first. */
export interface Understanding {
  intents: UnderstoodIntent[];
  entities: FoundEntity[];
}

export interface UnderstoodIntent {
  id: string;
  name: string;
  /** 0 to 1. */
  score: number;
  rank: ScoreRank;
}

export type ScoreRank = 'very_good' | 'good' | 'fair_plus' | 'fair' | 'none';

export interface FoundEntity {
  entity: string;
  /** The list's value, or what the regular expression matched. */
  value: string;
  /** As the consumer wrote it. */
  phrase: string;
}

/** A file of the consumer's, kept by the store until it is taken on. */
export interface ReceivedFile {
  id: string;
  name: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  caption: string | null;
}

export type Hook = 'init' | 'pre_process' | 'post_process' | 'process_user_response' | 'transform';

/** What a script sees; what it changes comes back in `ScriptResult`. */
export interface ScriptScope {
  variables: Record<string, Json>;
  web_view_variables: Record<string, Json>;
  environment: Record<string, string>;
  user_message: string;
  /** Of the structured content that was tapped. */
  metadata: Json[];
  quick_reply_payload: string | null;
  button_payload: string | null;
  starter_intent: string | null;
  last_call: { successful: boolean; status: string } | null;
  /** What the consumer chose when several intents were possible. */
  disambiguated: { id: string; name: string } | null;
  entities: FoundEntity[];
  file: ReceivedFile | null;
  facts: Facts;
}

export interface ScriptResult {
  /** Absent when the script ran to its end. `line` and `column` count from 1 in the author's text. */
  error?: {
    message: string;
    line?: number;
    column?: number;
    /** Which of the author's texts they count in; absent where that is not known. */
    in?: 'code' | 'globals';
    kind: 'thrown' | 'timeout' | 'memory' | 'unavailable' | 'syntax';
  };
  /** In the order the script did them. */
  effects: ScriptEffect[];
}

export type ScriptEffect =
  | { type: 'set_variable'; name: string; value: Json; scope: Scope }
  | { type: 'send'; text: string }
  | { type: 'send_quick_replies'; text: string; replies: { title: string; payload: string }[] }
  /** Send and stop the flow. */
  | { type: 'reply_immediately'; texts: string[] }
  | { type: 'add_quick_replies'; replies: { title: string; payload: string }[] }
  | { type: 'go_to'; interaction: string }
  | { type: 'delay'; ms: number }
  | { type: 'allow_long_text'; allow: boolean }
  | { type: 'log'; level: 'debug' | 'warn' | 'error'; text: string }
  | { type: 'custom_event'; name: string; message: string; detail: Json }
  | { type: 'escalation_event'; message: string; target: string }
  /** For the next hand-over to another bot: what it is to start with. */
  | { type: 'bot_transfer'; intent?: string; domain?: string; message?: string }
  | { type: 'context'; change: ContextChange };

/** A change to the Conversation Context Service of the account. */
export type ContextChange =
  | { op: 'register'; namespace: string; ttl_s: number | null }
  | { op: 'delete_namespace'; namespace: string }
  | { op: 'set'; of: ContextOwner; namespace: string; name: string; value: Json }
  | { op: 'delete'; of: ContextOwner; namespace: string; name: string }
  | { op: 'delete_all'; of: ContextOwner; namespace: string };

/** Whose the data is: the account's, the consumer's, or the conversation's. */
export type ContextOwner = 'global' | 'user' | 'conversation';

/** Variables as templates see them: `name`, `Integration.field`, `slot.x`, `$env.name`, system names such as `$userMessage`. Handles and the sign-in link stand as their placeholders. */
export type VariableView = Record<string, Json>;

export interface CallResult {
  outcome: Outcome;
  /** HTTP status, or null when there was no answer. */
  status: number | null;
  /** The answer's text, scrubbed of tokens, at most 1 MB; null when there was none. */
  body: string | null;
  /** Session variables the platform sets with the result, such as `external_auth_url`; null unsets one. */
  variables?: Record<string, Json>;
  /** What is said when no rule takes the outcome, in place of the catalogue's sentence. */
  default_message?: string;
}

/** `payload` is what a tap says where nothing else is known of it. */
export interface QuickReply {
  title: string;
  payload: string;
  image?: string;
  /** Of structured content: its actions in order and its metadata, where they are more than saying the payload. */
  click?: Json;
  style?: Json;
  tooltip?: string;
}

/** What the consumer is shown. Texts may still hold the sign-in link's placeholder: it becomes the URL on delivery only. */
export interface OutgoingMessage {
  text?: string;
  quick_replies?: QuickReply[];
  /** How many of them stand in a row; absent: as many as fit. */
  quick_replies_per_row?: number;
  buttons?: {
    label: string;
    type: 'link' | 'postback';
    url?: string;
    target?: string;
    payload?: string;
    attempt_id?: string;
  }[];
  content?: Json;
  /** The bot waits for a file; `accept` are name endings. */
  upload?: { accept: string[] };
  delay_ms?: number;
}

export type Emitted =
  | { type: 'message'; message: OutgoingMessage }
  | { type: 'close'; survey: boolean }
  | { type: 'custom_event'; name: string; message: string; detail: Json }
  | { type: 'escalation_event'; message: string; target: string }
  | { type: 'context'; change: ContextChange }
  /** What became of a hand-over to people; `closed` is not among them: the conversation stays open. */
  | { type: 'transfer'; status: 'requested' | 'accepted' | 'failed'; skill: string; agent?: string }
  /** For the trace: what matched, what was logged, which guard stopped the chain. */
  | { type: 'trace'; entry: EngineTrace };

export type EngineTrace =
  | {
      kind: 'matched';
      by: 'starter' | 'intent' | 'rule' | 'fallback' | 'context_switch' | 'disambiguation' | 'escalation';
      dialog: string;
      interaction: string;
      rule?: string;
      /** Its place among the interaction's rules. */
      rule_at?: number;
      pattern?: string;
    }
  | { kind: 'interaction'; dialog: string; interaction: string; interaction_type: string }
  | { kind: 'variable'; name: string; scope: Scope; value: Json }
  | {
      kind: 'log';
      level: 'debug' | 'warn' | 'error';
      text: string;
      hook?: Hook | 'global_functions';
      interaction?: string;
      line?: number;
      column?: number;
    }
  | { kind: 'action'; action: Action }
  | { kind: 'guard'; text: string };

export interface Step<State> {
  state: State;
  emitted: Emitted[];
  /** Absent: the turn is over and the bot waits for the consumer. */
  need?: Need;
}
