import type { AddedReply } from './added-replies.ts';
import type { Outcome } from '../bot/outcome.ts';
import type { Json } from '../world/json.ts';
import type { Hook, Need, ReceivedFile, Understanding } from './step.ts';

/** Everything a conversation's dialog remembers between two inputs. Plain JSON; never changed in place. */
export interface EngineState {
  format: 1;
  /** `__initConversation` has run in this session. */
  initialised: boolean;
  closed: boolean;
  /** Epoch ms of the consumer's last message. */
  last_at: number;
  variables: Variables;
  /** What the consumer last said. */
  heard: Heard;
  starter_intent: string | null;
  last_call: { successful: boolean; status: string } | null;
  /** The dialog that the dialog variables belong to. */
  dialog: string | null;
  waiting: Waiting | null;
  /** Questions to come back to, the next one last. */
  stack: Suspended[];
  /** The chain under way while something is needed; null between turns. */
  flow: Flow | null;
  /** Calls set aside until the consumer has given permission, by call id. */
  parked: Record<string, Parked>;
  /** Messages in a row that were not understood, and failures no rule took. */
  fallbacks: number;
  /** Intents and entities of what was heard last; null: nobody has looked yet. Absent in older states. */
  understanding?: Understanding | null;
  /** What the consumer is asked to choose from, while a disambiguation is under way. */
  disambiguating?: Disambiguating | null;
  /** What the consumer chose when several intents were possible. */
  disambiguated?: { id: string; name: string } | null;
  /** What pages of the brand's have sent in this session. */
  web_view?: Record<string, string>;
  /** The file heard last. */
  file?: ReceivedFile | null;
  /** People have the conversation: the bot is silent until they give it back. */
  with_people?: boolean;
  /** Hand-overs that failed in a row. */
  failed_transfers?: number;
  /** What a script asked the next hand-over to another bot to start with. */
  bot_transfer?: { intent?: string; domain?: string; message?: string };
}

export type Named = Record<string, Json>;

/** `asked` holds the request variables of the turn before: they live from the question to its answer. */
export interface Variables {
  request: Named;
  asked: Named;
  dialog: Named;
  session: Named;
  forever: Named;
}

export interface Heard {
  /** The text that counts: what a button posts, else what was typed. */
  text: string;
  postback: string | null;
  quick_reply_payload: string | null;
  button_payload: string | null;
  /** Of the structured content that was tapped; absent: none. */
  metadata?: Json[];
}

export interface Disambiguating {
  options: { id: string; name: string; label: string }[];
  /** The choice that stands for none of them. */
  extra: string | null;
  /** Replies so far that were none of the choices. */
  misses: number;
}

export interface Waiting {
  interaction: string;
  /** The integration interaction from which the question was reached without a pause. */
  reached_from: string | null;
  /** What a script has added to choose from, where it is typed; absent: nothing. */
  added_replies?: AddedReply[];
}

export interface Suspended extends Waiting {
  dialog_variables: Named;
  /**
   * `repeat`: ask again on return. `quiet`: the consumer still sees the question, so just wait again. `fallback`: like
   * quiet, while a fallback answers. When something else is asked meanwhile, the question is asked again after it.
   */
  on_return: 'repeat' | 'quiet' | 'fallback';
}

export interface Parked {
  interaction: string;
  dialog_variables: Named;
  heard: Heard;
}

/** The stages an interaction passes; `advance.ts` runs them. */
export type Stage =
  | 'receive'
  | 'reply'
  | 'find'
  | 'intents'
  | 'slots'
  | 'enter'
  | 'perform'
  | 'returned'
  | 'fields'
  | 'after'
  | 'onward'
  | 'decide'
  | 'finish'
  | 'handed_on'
  | 'file_answered'
  | 'stop';

export interface Flow {
  /** The interaction the flow stands at; empty before one is found. */
  interaction: string;
  /** Where to go on when what is needed has come. */
  stage: Stage;
  expects: Need['type'];
  hook: Hook | null;
  reached_from: string | null;
  /** Interactions run in this dialog, changes of dialog, and interactions in all since the consumer was last heard. */
  in_dialog: number;
  hops: number;
  steps: number;
  /** Steps that matching has taken, messages sent and their characters since then; absent: none. */
  matching_steps?: number;
  messages?: number;
  characters?: number;
  /** The jump a script asked for: an interaction id, or `platform.default`. */
  go_to: string | null;
  delay_ms: number | null;
  quick_replies: { title: string; payload: string }[];
  /** Those that the last message had, where they are typed; absent: none. */
  added_replies?: AddedReply[];
  allow_long_text: boolean;
  regexes: [regex: string, matched: boolean][];
  /** How the call of this interaction ended. */
  outcome: Outcome | null;
  /** What is said of that when no rule takes it, in place of the platform's sentence. */
  default_message: string | null;
  /** How the last call of the flow ended. */
  called: Outcome | null;
  /** What was heard led somewhere; it did not, or a failure was met that no rule takes. Absent: no. */
  understood?: boolean;
  failed?: boolean;
  /** What was heard has started a dialog: handed on from there, it would only start it again. Absent: no. */
  started?: boolean;
  /** What was heard is the platform's own: that nothing takes it is no fault of the consumer's words. Absent: no. */
  by_platform?: boolean;
  /** The other bots of the group were asked for somebody who understands. Absent: no. */
  asked_group?: boolean;
}

export function initialState(): EngineState {
  return {
    format: 1,
    initialised: false,
    closed: false,
    last_at: 0,
    variables: { request: {}, asked: {}, dialog: {}, session: {}, forever: {} },
    heard: { text: '', postback: null, quick_reply_payload: null, button_payload: null },
    starter_intent: null,
    last_call: null,
    dialog: null,
    waiting: null,
    stack: [],
    flow: null,
    parked: {},
    fallbacks: 0,
  };
}

export function newFlow(): Flow {
  return {
    interaction: '',
    stage: 'stop',
    expects: 'script',
    hook: null,
    reached_from: null,
    in_dialog: 0,
    hops: 0,
    steps: 0,
    go_to: null,
    delay_ms: null,
    quick_replies: [],
    allow_long_text: false,
    regexes: [],
    outcome: null,
    default_message: null,
    called: null,
  };
}
