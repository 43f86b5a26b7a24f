import { sentence } from '../api/sentences.ts';
import type { Input } from '../engine/step.ts';
import type { Json } from '../world/json.ts';
import type { ParkedCallRow } from '../store/parked-call.ts';
import { type Command, commandOf } from './commands.ts';
import {
  answerConfirmation,
  askConfirmationAgain,
  askNextConfirmation,
  callAskedAbout,
  dropConfirmations,
  tappedAnswer,
  type YesOrNo,
} from './confirmation.ts';
import { drive } from './drive.ts';
import { beginAnswer, isInterruption } from './interruption.ts';
import { continueInteraction, continueTyped } from './resume.ts';
import { note, say, type Turn } from './turn.ts';

/** A consumer's message as the inbox keeps it. */
export interface MessageBody {
  text: string;
  postback?: string;
  /** Of the structured content that was tapped. */
  metadata?: Json[];
  /** What a typed sign-out ended, when it was accepted. */
  signed_out?: SignedOut;
  /** It came through the Web View API: it is the bot's alone, never a code, a confirmation or a sign-out. */
  web_view?: Record<string, string>;
}

export interface SignedOut {
  connections: number;
  /** Open sign-ins; each says itself that it is cancelled. */
  attempts: number;
}

const nothingEnded: SignedOut = { connections: 0, attempts: 0 };

/** Payloads of the platform's own buttons. */
const platformPrefix = 'errand:';

/** A message goes to the platform itself when it is about permission, else to the bot. */
export async function hearMessage(turn: Turn, body: MessageBody): Promise<void> {
  if (body.web_view) return await hearWebView(turn, body.text, body.web_view);
  const done = body.postback === undefined ? await obeyed(turn, body) : await tapped(turn, body.postback);
  if (done) return;
  if (isInterruption(turn, 'chat')) return;
  const { confirming } = turn.state;
  const endAnswer = beginAnswer(turn);
  await drive(turn, {
    type: 'message',
    text: body.text,
    at: turn.rooms.world.clock.now(),
    ...(body.postback === undefined ? {} : { postback: body.postback }),
    ...(body.metadata && { metadata: body.metadata }),
  });
  endAnswer();
  // What the bot asks now is what a plain "yes" answers from here on.
  if (turn.state.engine.waiting) delete turn.state.confirming;
  if (confirming !== undefined && turn.state.confirming === confirming) await askConfirmationAgain(turn, confirming);
  else await askWhatWaits(turn);
}

/** The bot's own questions are answered: what still waits for a yes, and was out of sight behind them, is asked again. */
async function askWhatWaits(turn: Turn): Promise<void> {
  const { waiting, parked } = turn.state.engine;
  if (!waiting && turn.events.length > 0 && Object.keys(parked).length > 0) await askNextConfirmation(turn);
}

/** Variables first, so that the dialog its message starts can read them. */
async function hearWebView(turn: Turn, text: string, variables: Record<string, string>): Promise<void> {
  if (text === '') return await drive(turn, { type: 'web_view', variables });
  // Its variables are the page's: kept all the same.
  if (isInterruption(turn, 'web_view')) return await drive(turn, { type: 'web_view', variables });
  const endAnswer = beginAnswer(turn);
  await drive(turn, { type: 'message', text, at: turn.rooms.world.clock.now(), web_view: variables });
  endAnswer();
}

/** Only payloads of our own buttons count: what an author's button posts is the bot's, whatever it says. */
async function tapped(turn: Turn, payload: string): Promise<boolean> {
  const confirmed = await tappedAnswer(turn, payload);
  if (confirmed) return await confirm(turn, confirmed.call, confirmed.answer);
  const again = await continueInteraction(turn, payload);
  if (again) return await driven(turn, again);
  if (!payload.startsWith(platformPrefix)) return false;
  note(turn, { kind: 'note', text: 'a button of ours was tapped that is answered or over: nothing is done' });
  return true;
}

/** True when the platform has answered. */
async function obeyed(turn: Turn, body: MessageBody): Promise<boolean> {
  if (await commanded(turn, body)) return true;
  const again = await continueTyped(turn, body.text);
  return again ? await driven(turn, again) : false;
}

async function commanded(turn: Turn, body: MessageBody): Promise<boolean> {
  const command = commandOf(body.text);
  if (command === undefined) return false;
  if (command === 'sign_out') return await signOut(turn, body.signed_out ?? nothingEnded);
  if (command === 'may_do') return await sayWhatIsAllowed(turn);
  return await answered(turn, command);
}

async function answered(turn: Turn, command: Extract<Command, 'yes' | 'no' | 'cancel'>): Promise<boolean> {
  if (command === 'cancel' && (await cancelSignIns(turn))) return true;
  const call = await callAskedAbout(turn);
  return call ? await confirm(turn, call, command === 'cancel' ? 'no' : command) : false;
}

async function confirm(turn: Turn, call: ParkedCallRow, answer: YesOrNo): Promise<true> {
  const input = await answerConfirmation(turn, call, answer);
  if (input) await drive(turn, input);
  await askNextConfirmation(turn, call);
  return true;
}

async function driven(turn: Turn, input: Input): Promise<true> {
  await drive(turn, input);
  return true;
}

/** The permission ended when the message was accepted; what still waits for it or for a yes ends here. */
async function signOut(turn: Turn, before: SignedOut): Promise<true> {
  const { rooms, conversation } = turn;
  note(turn, { kind: 'note', text: 'the consumer signed out' });
  await dropConfirmations(turn);
  const held = await rooms.delegation.connections(conversation.id);
  const since = held.filter(({ status }) => status === 'active' || status === 'needs_reauth').length;
  const ended = before.connections + since > 0;
  if (ended || before.attempts === 0) {
    say(turn, { text: sentence(conversation.locale, ended ? 'signed_out' : 'nothing_to_sign_out') });
  }
  turn.writes.push(async (tx) => {
    await rooms.delegation.end(tx, conversation.id);
  });
  return true;
}

async function sayWhatIsAllowed(turn: Turn): Promise<true> {
  const { locale, id } = turn.conversation;
  const held = await turn.rooms.delegation.connections(id);
  const list = held
    .filter(({ status }) => status === 'active' || status === 'needs_reauth')
    .map(({ credential, scopes }) => (scopes.length > 0 ? `${credential} (${scopes.join(', ')})` : credential));
  say(turn, {
    text: list.length > 0 ? sentence(locale, 'may_do', { list: list.join('; ') }) : sentence(locale, 'may_do_nothing'),
  });
  return true;
}

/** "Never mind" ends what is open, and its notice says so; with nothing open it is not ours to answer. */
async function cancelSignIns(turn: Turn): Promise<boolean> {
  const { rooms, conversation } = turn;
  const open = await rooms.db.write((tx) => rooms.delegation.openAttempts(tx, conversation.id));
  turn.writes.push(async (tx) => {
    for (const attempt of open) await rooms.delegation.cancel(tx, conversation.id, attempt.id);
  });
  return open.length > 0;
}
