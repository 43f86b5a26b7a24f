import { sentence } from '../api/sentences.ts';
import type { Interaction } from '../bot/document.ts';
import { send, sendText, shownLookup } from './message.ts';
import type { CallResult } from './step.ts';
import { expand } from './template.ts';
import { need, type Onward, type Turn, trace } from './turn.ts';
import { allVariables } from './variables.ts';

const longestName = 500;
/** Hand-overs that may fail in a row and be heard of; the next one ends in the sentence (`reference`: 5.5). */
const mostFailures = 3;

/** What a bot hears when a hand-over that was taken on fails later. */
export const transferFailed = '__agent_escalation_failed__';

/** Hands the conversation to people: says so, and asks the shell to do it. */
export function transfer(turn: Turn, interaction: Extract<Interaction, { type: 'transfer' }>): Onward {
  const { text = sentence(turn.facts.locale, 'transferring'), delay_ms } = interaction;
  sendText(turn, text, delay_ms ? { delay_ms } : {});
  const lookup = shownLookup(turn);
  const skill = expand(interaction.skill ?? '', lookup, longestName).text.trim();
  const agent = expand(interaction.agent ?? '', lookup, longestName).text.trim() || null;
  turn.emitted.push({ type: 'transfer', status: 'requested', skill, ...(agent !== null && { agent }) });
  return need(turn, 'after', {
    type: 'transfer',
    interaction_id: interaction.id,
    skill,
    agent,
    variables: interaction.context === true ? allVariables(turn.state) : null,
  });
}

/** People have the conversation, or nobody does: then the interaction's rules decide, as after a call that failed. */
export function transferred(
  turn: Turn,
  interaction: Extract<Interaction, { type: 'transfer' }>,
  accepted: boolean,
): Onward {
  const skill = expand(interaction.skill ?? '', shownLookup(turn), longestName).text.trim();
  turn.emitted.push({ type: 'transfer', status: accepted ? 'accepted' : 'failed', skill });
  if (accepted) return fallSilent(turn);
  if (isOneTooMany(turn)) return giveUp(turn);
  const default_message = sentence(turn.facts.locale, 'transfer_failed');
  turn.flow = { ...turn.flow, outcome: 'failure', called: 'failure', default_message };
  return 'after';
}

/** A webhook that is called takes the conversation with any 2xx; 202 and 204 say it as well as 200 does. */
export function isTaken({ status }: CallResult): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** A hand-over that was taken on has failed later: the bot has the conversation again. True: it hears of it. */
export function takeBack(turn: Turn): boolean {
  if (!turn.state.with_people) {
    trace(turn, { kind: 'guard', text: 'people do not have this conversation: the failed hand-over was ignored' });
    return false;
  }
  turn.state.with_people = false;
  turn.emitted.push({ type: 'transfer', status: 'failed', skill: '' });
  if (!isOneTooMany(turn)) return true;
  giveUp(turn);
  return false;
}

/** People are done with the conversation, and did what they were there for. */
export function giveBack(turn: Turn): void {
  turn.state.with_people = false;
  turn.state.failed_transfers = 0;
}

/** What was under way with the bot is over: nothing of it may speak into what people say. */
function fallSilent(turn: Turn): null {
  turn.state.with_people = true;
  turn.state.parked = {};
  return letGo(turn);
}

function isOneTooMany({ state }: Turn): boolean {
  state.failed_transfers = (state.failed_transfers ?? 0) + 1;
  return state.failed_transfers > mostFailures;
}

/** The chain of hand-overs ends; whoever asks for people later begins a new one. */
function giveUp(turn: Turn): null {
  trace(turn, {
    kind: 'guard',
    text: `the hand-over failed once more after ${mostFailures} failures: its dialog ends`,
  });
  send(turn, { text: sentence(turn.facts.locale, 'transfer_failed') });
  turn.state.failed_transfers = 0;
  return letGo(turn);
}

function letGo({ state }: Turn): null {
  state.waiting = null;
  state.stack = [];
  state.dialog = null;
  return null;
}
