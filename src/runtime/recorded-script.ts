import {
  type ConversationScript,
  type ExpectedMessage,
  type ScriptSetup,
  type ScriptTurn,
  type SignInChoice,
  signInSite,
} from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import { maskHandles } from '../delegation/handles.ts';
import type { EventRow } from '../store/event.ts';
import type { TraceItem } from '../store/trace.ts';
import type { Json } from '../world/json.ts';
import { mask } from '../world/secret.ts';
import { notesOfChanging, withoutIds } from './changing-values.ts';
import { happenedIn } from './happened.ts';
import { recordedBots } from './recorded-bots.ts';
import { recordedCalls } from './recorded-calls.ts';
import { noteOfFile, takesFile } from './recorded-files.ts';
import { isHandingOver, recordedPeople } from './recorded-people.ts';
import { recordedUnderstanding } from './recorded-understanding.ts';
import { notesOfPages, withoutVariables } from './recorded-web-view.ts';
import { seen, shortly } from './seen.ts';
import { createTaps, posts, type Taps } from './taps.ts';

/** A conversation as its account may see it, and the bot it was with. */
export interface Recorded {
  /** The one it was opened with. */
  document: BotDocument;
  /** Those it was handed to. */
  others?: readonly BotDocument[];
  environment: Record<string, string>;
  channel: 'web' | 'text';
  locale: string;
  events: readonly EventRow[];
  trace: readonly TraceItem[];
  /** Names of the credentials that are the account's own, as the documents write them. */
  own_credentials?: readonly string[];
  /** The conversation's and the consumer's, which are others in each run. */
  ids?: readonly string[];
}

/** No vault is opened for a recording: who looks at it must not see a secret. */
const madeUpSecret = 'made-up-secret';

/** Silence that a script repeats; what is shorter changes nothing. ms. */
const longSilence = 60_000;

/**
 * A script that plays a conversation again, made from its transcript and trace. Tokens are in neither. What cannot be
 * played as it was, is said in `notes`.
 */
export function recordedScript(recorded: Recorded): ConversationScript {
  const { document, others = [], ids = [] } = recorded;
  const trace = withoutVariables(recorded.trace);
  const documents = [document, ...others];
  const calls = recordedCalls(
    trace.filter((item) => !isHandingOver(item, documents) && !takesFile(item)),
    documents.flatMap(({ integrations }) => integrations),
  );
  const choice = choiceOf(trace);
  const people = recordedPeople(trace);
  const understood = recordedUnderstanding(trace, documents);
  const { bots, notes: notesOfBots } = recordedBots(trace, documents);
  const { turns, notes: notesOfTurns } = turnsOf({ ...recorded, trace });
  const changing = notesOfChanging({ ...calls, turns }, ids, documents);
  const notes = [
    ...notesOfBots,
    ...calls.notes,
    ...choice.notes,
    ...people.notes,
    ...understood.notes,
    ...notesOfPages(recorded.trace),
    ...notesOfTurns,
    ...changing,
  ];
  return {
    bot: 'bot.json',
    ...(bots && { bots }),
    title: `A conversation with ${document.name}`,
    ...(notes.length > 0 && { notes: notes.join(' ') }),
    setup: {
      ...(understood.nlu.length > 0 && { nlu: understood.nlu }),
      ...setupOf(recorded, choice.sign_in),
      ...people.setup,
    },
    apis: calls.apis,
    expectApiCalls: calls.expectApiCalls,
    turns,
  };
}

function setupOf(
  { environment, channel, locale, document, own_credentials = [] }: Recorded,
  sign_in: SignInChoice | undefined,
): ScriptSetup {
  return {
    ...(own_credentials.length > 0 && { credentials: madeUp(own_credentials) }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(sign_in && { sign_in }),
    ...(channel !== 'web' && { channel }),
    ...(locale !== (document.language ?? 'en') && { locale }),
  };
}

/** In a script a credential is the account's own where it is given a token; which kind of secret it has changes nothing there. */
function madeUp(names: readonly string[]): NonNullable<ScriptSetup['credentials']> {
  return Object.fromEntries(names.map((name) => [name, { accessToken: madeUpSecret }]));
}

const choices: Record<string, SignInChoice> = { granted: 'grant', declined: 'decline', expired: 'expire' };

/** A script has one choice for all its sign-ins, which are followed as soon as they are shown; what was otherwise is noted. */
function choiceOf(trace: readonly TraceItem[]): { sign_in?: SignInChoice; notes: string[] } {
  const signIns = trace.filter(({ kind }) => kind === 'sign_in');
  if (signIns.length === 0) return { notes: [] };
  const ends = signIns.flatMap(({ status, outcome }) => (status === 'ended' ? [String(outcome)] : []));
  const [first] = ends;
  const sign_in = (first !== undefined && Object.hasOwn(choices, first) ? choices[first] : undefined) ?? 'never';
  const others = [...new Set(ends)].filter((end) => choices[end] !== sign_in);
  const notes = others.map((end) => `A sign-in ended as ${end}; here each is played as ${sign_in}.`);
  const isOpen = sign_in !== 'never' && signIns.at(-1)?.status !== 'ended';
  const more = [...(isFollowedLater(trace) ? [followedLater] : []), ...(isOpen ? [`${leftOpen} ${sign_in}.`] : [])];
  return { sign_in, notes: [...notes, ...more] };
}

const leftOpen = 'The last sign-in was still open; here it is followed at once, like the others, as';
const followedLater =
  'The consumer went on talking before she followed a sign-in; here she follows it at once, so move what came of it.';

function isFollowedLater(trace: readonly TraceItem[]): boolean {
  const offered = trace.findIndex(({ kind, status }) => kind === 'sign_in' && status === 'offered');
  const ended = trace.findLastIndex(({ kind, status }) => kind === 'sign_in' && status === 'ended');
  const between = trace.slice(offered, ended);
  let isOpen = false;
  return between.some((item) => {
    if (item.kind === 'sign_in' && item.status === 'offered') isOpen = true;
    if (item.kind === 'sign_in' && item.status === 'ended') isOpen = false;
    return isOpen && isHeard(item);
  });
}

function turnsOf({ events, trace, ids = [] }: Recorded): { turns: ScriptTurn[]; notes: string[] } {
  const said = events.filter(isSaid);
  const turns: ScriptTurn[] = [];
  const heardFrom = trace.findIndex(isHeard);
  let rest = heardFrom < 0 ? [] : trace.slice(heardFrom);
  let before: number | undefined;
  const taps = createTaps();
  const notes: string[] = [];
  for (const event of said) {
    const next = rest.findIndex((item, at) => at > 0 && isHeard(item));
    const own = next < 0 ? rest : rest.slice(0, next);
    const [heard] = own;
    if (!heard) break;
    rest = next < 0 ? [] : rest.slice(next);
    const noteLeftOut = noteOfFile(heard);
    if (noteLeftOut !== undefined) {
      notes.push(noteLeftOut);
      continue;
    }
    const silence = event.at - (before ?? event.at);
    if (silence > longSilence) turns.push({ advance: silence });
    const { turn, note } = spoken(event, taps);
    turns.push(turn, expectedOf(own, ids));
    if (note !== undefined) notes.push(note);
    before = own.at(-1)?.at ?? event.at;
    taps.show(own.filter(isShown).map((item) => seen(shownPart(item))));
  }
  return { turns, notes };
}

/** A typed code is no message to the bot: it stands masked in the transcript, and no turn has heard it. */
function isSaid({ type, body }: EventRow): boolean {
  if (type !== 'message') return false;
  const { from, text } = bodyOf(body);
  return from === 'consumer' && !/^•+$/.test(String(text));
}

function isHeard({ kind, from }: TraceItem): boolean {
  return kind === 'message' && from === 'consumer';
}

function isShown({ kind, from }: TraceItem): boolean {
  return kind === 'message' && from === 'bot';
}

/** What she did, so that it happens again: what she typed stays typed though a button posts the same, and a tap a tap. */
function spoken({ body }: EventRow, taps: Taps): { turn: ScriptTurn; note?: string } {
  const { text, postback } = bodyOf(body);
  const label = String(text);
  if (typeof postback !== 'string') return { turn: { say: label, ...(taps.posting(label) && { typed: true }) } };
  // In the trace, where the buttons are from, a handle stands masked.
  const posted = maskHandles(postback);
  const found = taps.labelled(label);
  if (found && posts(found, posted)) return { turn: { tap: label } };
  const note = `"${label}" was tapped where no script can tap it; here what it posts is typed.`;
  return { turn: { say: posted }, ...(taps.posting(posted) ? {} : { note }) };
}

function expectedOf(own: readonly TraceItem[], ids: readonly string[]): ScriptTurn {
  const events = happenedIn(own);
  const expect = own.filter(isShown).map((item) => unmasked(shortly(seen(shownPart(item))), ids));
  return { expect, ...(events.length > 0 && { events }) };
}

/** In the trace a sign-in link stands masked; in a script all of them are the same. A text with an id is expected in parts. */
function unmasked(message: ExpectedMessage, ids: readonly string[]): ExpectedMessage {
  const { text: whole, ...others } = message;
  const text = whole === undefined ? undefined : withoutIds(whole, ids);
  const rest: ExpectedMessage = JSON.parse(JSON.stringify(others).replaceAll(`"${mask}"`, `"${signInSite}/"`));
  if (text === undefined || !text.includes(mask)) return text === undefined ? rest : { text, ...rest };
  return { contains: text.split(mask).filter((part) => part !== ''), ...rest };
}

function bodyOf(body: string): { [key: string]: unknown } {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

/** The message within a trace item; it was read from JSON. */
function shownPart({ text, content, buttons, quick_replies }: TraceItem): { [key: string]: Json } {
  const part = { text, content, buttons, quick_replies };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as { [key: string]: Json };
}
