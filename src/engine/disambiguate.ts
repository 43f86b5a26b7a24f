import { sentence } from '../api/sentences.ts';
import type { Dialog, Interaction } from '../bot/document.ts';
import { asAsked } from './disambiguation.ts';
import { escalate } from './escalate.ts';
import { fallBack } from './fall-back.ts';
import { act, jumpToDialog } from './jump.ts';
import { textFor } from './message.ts';
import { normalise } from './pattern.ts';
import { sendQuestion } from './question.ts';
import { suspend } from './stack.ts';
import { awaitsNothing, startDialog } from './start.ts';
import type { Disambiguating } from './state.ts';
import { type Onward, placeOf, type Turn, trace } from './turn.ts';
import type { PossibleIntent } from './understand.ts';

const mostOptions = 3;
/** Replies that are none of the choices; the next one is heard like any other message, so that nobody is kept. */
const mostMisses = 3;

/**
 * Nothing is certain, and several intents are possible: the consumer is asked which one is meant. Undefined where fewer than
 * two are, or where the author has switched the dialog off.
 */
export function disambiguate(turn: Turn, possible: readonly PossibleIntent[]): Onward | undefined {
  const { disambiguation } = turn.bot;
  const candidates = candidatesAmong(turn, possible);
  const [only, ...others] = candidates;
  const question = placeOf(turn);
  if (!only || !disambiguation) return undefined;
  if (others.length > 0) return ask(turn, disambiguation, candidates);
  const straight = isOn(turn, 'system_useIntentsOnlyWithDialogStartersInDisambiguation');
  return straight && only.starter
    ? startDialog(turn, question, { place: only.starter.place, by: 'intent' })
    : undefined;
}

/** Those at fair plus; with them those right below, and without them those that start no dialog, as the bot's environment says. */
function candidatesAmong(turn: Turn, possible: readonly PossibleIntent[]): PossibleIntent[] {
  const startable = isOn(turn, 'system_useIntentsOnlyWithDialogStartersInDisambiguation')
    ? possible.filter(({ starter }) => starter)
    : possible;
  const fairPlus = startable.filter(({ intent }) => intent.rank === 'fair_plus');
  const grouped = isOn(turn, 'system_groupConsecutiveIntentRanksInDisambiguation');
  const fair = grouped && fairPlus.length > 0 ? startable.filter(({ intent }) => intent.rank === 'fair') : [];
  return [...fairPlus, ...fair].slice(0, mostOptions);
}

function isOn({ facts }: Turn, variable: string): boolean {
  return Object.hasOwn(facts.environment, variable) && facts.environment[variable]?.trim().toLowerCase() === 'true';
}

function ask(turn: Turn, dialog: Dialog, candidates: readonly PossibleIntent[]): Onward {
  const question = placeOf(turn);
  trace(turn, {
    kind: 'matched',
    by: 'disambiguation',
    dialog: dialog.id,
    interaction: dialog.interactions[0]?.id ?? '',
  });
  if (question && !awaitsNothing(question.interaction)) suspend(turn, 'repeat');
  turn.state.waiting = null;
  turn.state.disambiguating = {
    options: candidates.map(({ intent: { id, name }, starter }) => ({
      id,
      name,
      label: labelOf(turn, { id, name }, starter?.place.dialog),
    })),
    extra: dialog.extra_choice ?? null,
    misses: 0,
  };
  return jumpToDialog(turn, dialog.id);
}

/** What the author calls it. A name that an outside recogniser made up is shown as it is: its braces would be evaluated. */
function labelOf({ bot }: Turn, intent: { id: string; name: string }, dialog: Dialog | undefined): string {
  const known = bot.intents.keysOf(intent).map((key) => bot.intents.nameOf(key));
  const name = known.find((one) => one !== undefined) ?? (intent.name === intent.id ? dialog?.name : undefined);
  return (name ?? intent.name).replace(/[{}]/g, '').slice(0, 128);
}

/** The consumer has answered the question which intent is meant. No other dialog can start meanwhile. */
export function chooseIntent(turn: Turn, question: Interaction): Onward {
  const { disambiguating } = turn.state;
  if (!disambiguating) return 'find';
  const heard = normalise(turn.state.heard.text);
  const chosen = disambiguating.options.find(({ label }) => normalise(label) === heard);
  if (chosen) return start(turn, chosen);
  const { extra } = disambiguating;
  if (extra !== null && normalise(textFor(turn, extra)) === heard) return noneOfThem(turn, question);
  return askAgain(turn, { disambiguating, question });
}

function start(turn: Turn, { id, name, label }: Disambiguating['options'][number]): Onward {
  const { intents } = turn.bot;
  const starter = intents
    .keysOf({ id, name })
    .map((key) => intents.starters.get(key))
    .find((one) => one !== undefined);
  end(turn);
  turn.state.disambiguated = { id, name: intents.nameOf(intents.keyOf(id)) ?? name };
  turn.flow = { ...turn.flow, interaction: '' };
  if (starter) return startDialog(turn, undefined, { place: starter.place, by: 'intent' });
  trace(turn, { kind: 'log', level: 'warn', text: `no dialog starts with the intent "${label}"` });
  return fallBack(turn);
}

/** What the author's dialog says next, else what is said to anything that is not understood. */
function noneOfThem(turn: Turn, question: Interaction): Onward {
  const next = question.next ?? (placeOf(turn)?.next === undefined ? undefined : { go: 'next' as const });
  end(turn);
  if (next) {
    turn.flow = { ...turn.flow, understood: true };
    return act(turn, next);
  }
  turn.flow = { ...turn.flow, interaction: '' };
  return fallBack(turn);
}

function askAgain(turn: Turn, at: { disambiguating: Disambiguating; question: Interaction }): Onward {
  const { disambiguating, question } = at;
  if (disambiguating.misses >= mostMisses) {
    end(turn);
    turn.flow = { ...turn.flow, interaction: '' };
    return 'find';
  }
  const escalated = escalate(turn);
  if (escalated !== undefined) return escalated;
  turn.state.disambiguating = { ...disambiguating, misses: disambiguating.misses + 1 };
  const text = turn.bot.disambiguation?.extra_reply ?? sentence(turn.facts.locale, 'disambiguate_again');
  const asked = asAsked(turn, question);
  sendQuestion(turn, asked.type === 'multiple_choice' ? { ...asked, text } : asked);
  return null;
}

function end(turn: Turn): void {
  turn.state.disambiguating = null;
  turn.state.waiting = null;
}
