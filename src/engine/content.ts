import { sentence } from '../api/sentences.ts';
import { type ContentFault, shownContent } from '../bot/content/check-content.ts';
import { partedContent } from '../bot/content/parted-content.ts';
import { choicesIn, type PlainChoice, type PlainLine, plainText } from '../bot/content/plain-choices.ts';
import { plainLines } from '../bot/content/plain-lines.ts';
import type { Interaction } from '../bot/document.ts';
import { isObject, type Json } from '../world/json.ts';
import { linkVariable } from './handle.ts';
import { missingLink, send, shownLookup } from './message.ts';
import { plainWords } from './plain-text.ts';
import type { OutgoingMessage } from './step.ts';
import { structuredContent, textsOf } from './structured.ts';
import { repliesOf } from './content-replies.ts';
import { type Lookup, namesIn } from './template.ts';
import { type Turn, trace, warn } from './turn.ts';
import { universalContent } from './universal.ts';

/** Of one content, in the trace. */
const mostFaults = 5;

type ContentQuestion = Extract<Interaction, { type: 'structured' | 'universal' }>;

/**
 * Shows structured content. False when there is nothing to wait for: its sign-in link is missing, its lists are empty, or
 * it is no structured content; then the consumer is told so, and the author finds the places in the trace.
 */
export function sendContent(turn: Turn, question: ContentQuestion): boolean {
  const delay = question.delay_ms ? { delay_ms: question.delay_ms } : {};
  const lookup = shownLookup(turn);
  if (lacksLink(question, lookup)) {
    send(turn, { text: missingLink(turn) });
    return false;
  }
  const content = contentOf(turn, question, lookup);
  if (content === null) {
    send(turn, { text: sentence(turn.facts.locale, 'outcome.failure') });
    return false;
  }
  const message = content === undefined ? undefined : asMessage(turn, content);
  send(turn, message ? { ...message, ...delay } : { text: sentence(turn.facts.locale, 'outcome.setup_error') });
  return message !== undefined;
}

function lacksLink(question: ContentQuestion, lookup: Lookup): boolean {
  return offersSignIn(question) && (lookup(linkVariable) ?? null) === null;
}

function offersSignIn(question: ContentQuestion): boolean {
  const texts = question.type === 'universal' ? [question.content] : question.tiles.flatMap(textsOf);
  return texts.flatMap(namesIn).includes(linkVariable);
}

/** Whether content offers the sign-in link and nothing that answers, like a question with a Login button alone. */
export function isSignInOnly(question: ContentQuestion): boolean {
  if (!offersSignIn(question)) return false;
  if (question.type === 'universal') return !question.content.includes('publishText');
  return question.tiles.every(({ buttons = [] }) => buttons.every(({ type }) => type === 'link'));
}

/** On a channel of plain text: what can be chosen of a question's content, in the order it was shown. */
export function contentChoices(turn: Turn, question: ContentQuestion): PlainChoice[] {
  // What was odd about the content was told when it was shown.
  const quiet = { ...turn, emitted: [] };
  const content = contentOf(quiet, question, shownLookup(turn)) ?? null;
  const checked = content === null ? undefined : checkedParts(quiet, content);
  return checked ? choicesIn(linesOf(quiet, checked)) : [];
}

/** `null`: nothing to show. `undefined`: it cannot be shown, and the trace says why. */
function contentOf(turn: Turn, question: ContentQuestion, lookup: Lookup): Json | undefined {
  if (question.type === 'structured') return structuredContent(turn, question, lookup);
  try {
    const content = universalContent(question.content, lookup);
    return content && isEmpty(content) ? null : (content ?? undefined);
  } catch (error) {
    return fail(turn, `the content is no JSON: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** A layout whose list a script has filled with nothing: there was nothing to find, and nothing is wrong. */
function isEmpty(content: Json): boolean {
  return isObject(content) && Array.isArray(content['elements']) && content['elements'].length === 0;
}

function asMessage(turn: Turn, given: Json): OutgoingMessage | undefined {
  const parts = checkedParts(turn, given);
  if (!parts) return undefined;
  if (turn.facts.channel === 'text') {
    const text = plainText(linesOf(turn, parts));
    return text === '' ? fail(turn, 'the content has nothing that can be shown as text') : { text };
  }
  const { body, replies } = parts;
  return { ...(body !== undefined && { content: body }), ...(replies !== undefined && repliesOf(replies)) };
}

interface Parts {
  body?: Json;
  replies?: Json;
}

/**
 * The body and the quick replies as they can be shown, without what is in fault by itself: the trace names it. Undefined:
 * nothing can be shown.
 */
function checkedParts(turn: Turn, given: Json): Parts | undefined {
  const { body, replies } = partedContent(given);
  const [of, beside] = [body, replies].map((part) => (part === undefined ? undefined : shownContent(part)));
  const faults = [of, beside].flatMap((part) => (part && !part.ok ? part.faults : []));
  const shown: Parts = { ...(of?.ok && { body: of.content }), ...(beside?.ok && { replies: beside.content }) };
  // A part of which nothing is left does not cost the other one.
  if (faults.some(({ leave_out }) => leave_out === undefined) || Object.keys(shown).length === 0)
    return fail(turn, `the content cannot be shown: ${told(faults)}`);
  const left = [of, beside].flatMap((part) => (part?.ok ? part.left_out : []));
  if (left.length + faults.length > 0)
    warn(turn, `some of the content was left out, the rest is shown: ${told([...left, ...faults])}`);
  return shown;
}

function told(faults: readonly ContentFault[]): string {
  const said = faults.slice(0, mostFaults).map(({ path, message }) => `${path || 'it'} ${message}`);
  return said.join('; ') + (faults.length > mostFaults ? `; and ${faults.length - mostFaults} more` : '');
}

/** In the order they are shown. */
function linesOf(turn: Turn, { body, replies }: Parts): PlainLine[] {
  return plainLines([body, replies], plainWords(turn.facts.locale));
}

function fail(turn: Turn, text: string): undefined {
  trace(turn, { kind: 'log', level: 'error', text, interaction: turn.flow.interaction });
}
