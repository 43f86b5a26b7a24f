import { sentence } from '../api/sentences.ts';
import { letterOf } from '../bot/content/plain-choices.ts';
import type { Interaction } from '../bot/document.ts';
import type { Json } from '../world/json.ts';
import { isTooDeep } from './depth.ts';
import { asAsked } from './disambiguation.ts';
import { send } from './message.ts';
import { normalise } from './pattern.ts';
import { pickedFrom } from './pickers.ts';
import { newFlow } from './state.ts';
import { typedAdded } from './added-replies.ts';
import { type Typed, typedTap } from './typed-choice.ts';
import { startsWith } from './route.ts';
import type { Input, Understanding } from './step.ts';
import { needScript } from './script.ts';
import { type Onward, type Turn, trace } from './turn.ts';
import { sizeOf } from './size.ts';
import { expand } from './template.ts';
import { lookupIn } from './variables.ts';
import { keepWebView } from './web-view.ts';

const defaultSessionMinutes = 60;

type Message = Extract<Input, { type: 'message' }>;

/** Takes in what the consumer said: a new session after a long silence, request variables of two turns ago are gone. */
export function hear(turn: Turn, message: Message): Onward {
  const { state } = turn;
  if (state.closed) return null;
  if (state.with_people) {
    trace(turn, { kind: 'guard', text: 'people have this conversation: the bot does not answer' });
    return null;
  }
  turn.flow = newFlow();
  if (state.initialised && message.at - state.last_at > sessionLength(turn)) endSession(turn);
  if (message.web_view) keepWebView(turn, message.web_view);
  state.last_at = message.at;
  state.variables = { ...state.variables, asked: state.variables.request, request: {} };
  const typed = typedOf(turn, message);
  state.heard = heardOf(turn, message, typed);
  state.understanding = null;
  if (obeyed(turn, message)) return null;
  if (typed && 'again' in typed) return askAgain(turn, typed);
  const first = message.intent !== undefined && startsWith(turn.bot, message.intent) ? 'intents' : 'receive';
  if (first === 'intents') state.understanding = certainly(message.intent ?? '');
  if (state.initialised) return first;
  state.initialised = true;
  return turn.bot.hasInit ? needScript(turn, { hook: 'init', code: '', then: first }) : first;
}

/** Another bot has said what is meant: that is not guessed again. */
function certainly(intent: string): Understanding {
  return { intents: [{ id: intent, name: intent, score: 1, rank: 'very_good' }], entities: [] };
}

function sessionLength(turn: Turn): number {
  return (turn.bot.document.session_length_minutes ?? defaultSessionMinutes) * 60_000;
}

function endSession(turn: Turn): void {
  const { state } = turn;
  state.initialised = false;
  state.variables = { request: {}, asked: {}, dialog: {}, session: {}, forever: state.variables.forever };
  state.web_view = {};
  state.waiting = null;
  state.stack = [];
  state.dialog = null;
  state.last_call = null;
  state.starter_intent = null;
  state.fallbacks = 0;
  state.failed_transfers = 0;
  state.disambiguating = null;
  state.disambiguated = null;
}

/** What authors type while they try a bot out: obeyed only where the document says so. */
function obeyed(turn: Turn, { text, postback }: Extract<Input, { type: 'message' }>): boolean {
  const { bot, facts } = turn;
  const typed = postback === undefined && bot.document.debug === true ? normalise(text) : '';
  if (typed === 'display userid') {
    const { consumer_id: consumer, conversation_id: conversation } = facts;
    send(turn, { text: sentence(facts.locale, 'user_id', { consumer, conversation }) });
    return true;
  }
  if (typed !== 'reset' && typed !== 'freset') return false;
  endSession(turn);
  send(turn, { text: sentence(facts.locale, 'session_reset') });
  return true;
}

/** What was typed as the tap that it stands for, on a channel without buttons. */
function typedOf(turn: Turn, { text, postback }: Message): Typed | undefined {
  const question = askedIn(turn);
  if (!question || postback !== undefined || turn.facts.channel !== 'text') return undefined;
  const own = ownTyped(turn, question, text);
  if (own) return own;
  const added = typedAdded(turn.state.waiting?.added_replies ?? [], text);
  return added === undefined ? undefined : { says: added, metadata: [] };
}

function ownTyped(turn: Turn, question: Interaction, text: string): Typed | undefined {
  if (question.type !== 'multiple_choice') return typedTap(turn, question, text);
  const choices = question.choices.map((choice) => expand(choice, lookupIn(turn)).text);
  const says = typedChoice(choices, normalise(text).replace(/[.)]$/, ''));
  return says === undefined ? undefined : { says, metadata: [] };
}

/** Nothing is taken for granted: the consumer says which one is meant, and the question waits on. */
function askAgain(turn: Turn, { again }: Extract<Typed, { again: string[] }>): null {
  send(turn, { text: [sentence(turn.facts.locale, 'disambiguate'), ...again].join('\n') });
  return null;
}

function askedIn(turn: Turn): Interaction | undefined {
  const { waiting } = turn.state;
  const place = waiting ? turn.bot.places.get(waiting.interaction) : undefined;
  return place && asAsked(turn, place.interaction);
}

function heardOf(turn: Turn, message: Message, typed: Typed | undefined): Turn['state']['heard'] {
  const waiting = askedIn(turn);
  const tap = typed && 'says' in typed ? typed : undefined;
  const payload = message.postback ?? tap?.says;
  const quick = payload !== undefined && !(waiting && withButtons.has(waiting.type));
  const picked = payload === undefined && waiting ? typedPick(turn, waiting, message.text) : undefined;
  return {
    text: payload ?? picked ?? message.text,
    postback: payload ?? null,
    quick_reply_payload: quick ? payload : null,
    button_payload: payload !== undefined && !quick ? payload : null,
    ...metadataOf(message.metadata ?? (tap?.metadata.length ? tap.metadata : undefined)),
  };
}

/** Characters of JSON: LivePerson's limit for what content carries along. */
const longestMetadata = 5_000;

/** A page sends it, so it is data of unknown shape: too much of it is left out. */
function metadataOf(metadata: Json[] | undefined): { metadata?: Json[] } {
  if (!metadata || sizeOf(metadata, longestMetadata) > longestMetadata || isTooDeep(metadata)) return {};
  return { metadata };
}

/** A picker's choices can be typed on every channel, as numbers or by their titles. */
function typedPick(turn: Turn, question: Interaction, text: string): string | undefined {
  if (question.type !== 'list_picker' && question.type !== 'time_picker') return undefined;
  return pickedFrom(question, text, { lookup: lookupIn(turn), locale: turn.facts.locale });
}

/** The choice's number or letter stands for it. */
function typedChoice(choices: readonly string[], typed: string): string | undefined {
  if (choices.some((choice) => normalise(choice) === typed)) return undefined;
  return choices.find((_, at) => typed === String(at + 1) || typed === letterOf(at))?.trim();
}

/** Questions whose taps are those of buttons: `getButtonPayload`. */
const withButtons: ReadonlySet<Interaction['type']> = new Set([
  'button_question',
  'structured',
  'universal',
  'list_picker',
  'time_picker',
]);
