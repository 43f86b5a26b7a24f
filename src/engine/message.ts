import { sentence } from '../api/sentences.ts';
import { markedAdded, shownAdded } from './added-replies.ts';
import { hideTokens, linkVariable, tokenVariable } from './handle.ts';
import type { Outcome } from '../bot/outcome.ts';
import { sentenceFor } from './outcome-sentence.ts';
import { asPlainText } from './plain-text.ts';
import { partsOf } from './split-text.ts';
import type { OutgoingMessage } from './step.ts';
import { type Expanded, expand, type Lookup, longestText } from './template.ts';
import { isQuestion, placeOf, type Turn, trace, warn } from './turn.ts';
import { lookupIn } from './variables.ts';
import { mask } from '../world/secret.ts';

const silence = 'BLANK_MESSAGE';

/** Of one input: what a bot may say before the consumer is heard again, in messages and in characters of them all. */
const mostMessages = 50;
const mostCharacters = 500_000;

/** Quick replies of one message at most (`reference`: Quick replies). */
const mostReplies = 24;

/** Shows a message: pending delay and quick replies are added, long texts are split, tokens are hidden. */
export function send(turn: Turn, message: OutgoingMessage): void {
  const { delay_ms, quick_replies, allow_long_text } = turn.flow;
  const added = turn.facts.channel === 'text' && choosesFrom(turn) ? markedAdded(message, quick_replies) : [];
  const joining = added.length > 0 ? added.map(shownAdded) : quick_replies;
  const replies = [...(message.quick_replies ?? []), ...joining];
  const delay = message.delay_ms ?? delay_ms;
  if (replies.length > mostReplies)
    warn(turn, `only the first ${mostReplies} of ${replies.length} quick replies are shown: a message has no more`);
  const whole: OutgoingMessage = hidden({
    ...message,
    ...(replies.length > 0 && { quick_replies: replies.slice(0, mostReplies) }),
    ...(delay && { delay_ms: delay }),
  });
  const { added_replies: _, ...flow } = turn.flow;
  turn.flow = { ...flow, delay_ms: null, quick_replies: [], ...(added.length > 0 && { added_replies: added }) };
  const shown = turn.facts.channel === 'text' ? asPlainText(whole, turn.facts.locale) : whole;
  for (const part of splitMessage(shown, allow_long_text)) emit(turn, part);
}

/** Whether what is said now is a question whose answer may be one of the replies. A picker has numbers of its own. */
function choosesFrom(turn: Turn): boolean {
  const interaction = placeOf(turn)?.interaction;
  return interaction !== undefined && isQuestion(interaction) && !interaction.type.endsWith('_picker');
}

/** No token shows, wherever in a message its stand-in stands. */
function hidden(message: OutgoingMessage): OutgoingMessage {
  const text = JSON.stringify(message);
  // It was written as JSON a moment ago, and a stand-in holds no sign that means something in JSON.
  return text.includes('errand:token:') ? (JSON.parse(hideTokens(text)) as OutgoingMessage) : message;
}

function emit(turn: Turn, message: OutgoingMessage): void {
  const { messages = 0, characters = 0 } = turn.flow;
  if (messages > mostMessages) return;
  const size = JSON.stringify(message).length;
  const full = messages === mostMessages || characters + size > mostCharacters;
  // Once one is left out so are those after it: a conversation with gaps would say something else.
  turn.flow = { ...turn.flow, messages: full ? mostMessages + 1 : messages + 1, characters: characters + size };
  if (!full) turn.emitted.push({ type: 'message', message });
  else
    trace(turn, {
      kind: 'guard',
      text: `no more is said in this turn: it came to more than ${mostMessages} messages or ${mostCharacters} characters`,
    });
}

/** An author's text, expanded and sent; `BLANK_MESSAGE` and an empty text send nothing. */
export function sendText(turn: Turn, text: string, more: Omit<OutgoingMessage, 'text'> = {}): void {
  const expanded = textFor(turn, text);
  const silent = expanded.trim() === '' || expanded.trim() === silence;
  if (!silent) send(turn, { ...more, text: expanded });
  else if (more.buttons || more.quick_replies) send(turn, more);
}

/** An author's text as the consumer reads it. The token never shows; a link that is not there becomes the outage sentence. */
export function textFor(turn: Turn, text: string, longest = longestText): string {
  const { text: expanded, unset } = expandShown(turn, text, longest);
  if (!unset.includes(linkVariable)) return expanded;
  // After a call that worked there is no link because none is needed.
  return turn.flow.called === 'success' ? expanded.replaceAll(`{$botContext.${linkVariable}}`, '') : missingLink(turn);
}

/** Values as a consumer may see them: the token is hidden. */
export function shownLookup(turn: Turn): Lookup {
  const lookup = lookupIn(turn);
  return (name) => (name === tokenVariable ? mask : lookup(name));
}

/** Expands what a consumer is shown; that a text was cut is said once, here. */
export function expandShown(turn: Turn, text: string, longest: number): Expanded {
  const expanded = expand(text, shownLookup(turn), longest);
  if (expanded.cut) warn(turn, `a text was cut: with its variables it is longer than ${longest} characters`);
  return expanded;
}

/** What stands where a sign-in link should: why there is none, as far as the call before it tells. */
export function missingLink(turn: Turn): string {
  trace(turn, {
    kind: 'guard',
    text: `the link of "${turn.flow.interaction}" has no URL: the outage sentence was sent in its place`,
  });
  const { called } = turn.flow;
  if (called === null || called === 'success') return sentence(turn.facts.locale, 'outcome.brand_unavailable');
  const said = sentenceFor(turn, called);
  return 'own' in said ? expandShown(turn, said.own, longestText).text : said.platform;
}

/** The default sentence of an outcome that no rule takes: the document's, what came with the result, or the platform's. */
export function sendOutcome(turn: Turn, outcome: Exclude<Outcome, 'success'>, given: string | null): void {
  const said = sentenceFor(turn, outcome);
  if ('own' in said) sendText(turn, said.own);
  else send(turn, { text: given ?? said.platform });
}

function splitMessage(message: OutgoingMessage, allowLong: boolean): OutgoingMessage[] {
  const { delay_ms, text, ...rest } = message;
  const parts = text === undefined ? [] : partsOf(text, allowLong);
  if (parts.length === 0) return Object.keys(rest).length > 0 ? [{ ...rest, ...(delay_ms && { delay_ms }) }] : [];
  return parts.map((part, at) => ({
    ...(at === parts.length - 1 && rest),
    ...(at === 0 && delay_ms && { delay_ms }),
    ...part,
  }));
}
