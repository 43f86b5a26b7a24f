import type { Action } from '../bot/document.ts';
import type { Place } from './place.ts';
import { forget } from './stack.ts';
import { type Onward, placeOf, type Turn, trace, warn } from './turn.ts';

/** Interactions chained in one dialog, and changes of dialog, without hearing the consumer (`reference`: daisy-chain guards). */
const mostInDialog = 10;
const mostHops = 5;
/** Whatever else the counters say. */
const mostSteps = 100;

/** Takes a next action of an author. */
export function act(turn: Turn, action: Action): Onward {
  trace(turn, { kind: 'action', action });
  if (action.go === 'interaction') return jump(turn, action.id);
  if (action.go === 'dialog') return jumpToDialog(turn, action.id);
  if (action.go === 'next') return goNext(turn);
  if (action.go === 'current') return jump(turn, turn.flow.interaction);
  if (action.go === 'end') return 'finish';
  close(turn, action.go === 'close_dialog');
  return null;
}

/** Goes to an interaction of any dialog, or to the next enabled one after it. */
export function jump(turn: Turn, id: string): Onward {
  const place = turn.bot.places.get(id);
  if (!place || place.dialog.enabled === false) {
    warn(turn, place ? `the dialog "${place.dialog.name}" is disabled` : `there is no interaction "${id}"`);
    return 'finish';
  }
  if (place.interaction.enabled === false) return place.next === undefined ? 'finish' : jump(turn, place.next);
  return move(turn, place);
}

function goNext(turn: Turn): Onward {
  const next = placeOf(turn)?.next;
  return next === undefined ? 'finish' : jump(turn, next);
}

export function jumpToDialog(turn: Turn, id: string): Onward {
  const first = turn.bot.dialogs.get(id)?.interactions[0];
  if (first) return jump(turn, first.id);
  warn(turn, `the dialog "${id}" has no interaction to start at`);
  return 'finish';
}

function move(turn: Turn, { interaction: { id: interaction, type }, dialog: { id: dialog } }: Place): Onward {
  const hop = turn.state.dialog !== dialog;
  const { in_dialog, hops, steps, ...flow } = turn.flow;
  const counted = {
    // A starter says nothing: ten interactions are ten that do something.
    in_dialog: (hop ? 0 : in_dialog) + (type === 'starter' ? 0 : 1),
    // Where the consumer's own words lead is not a hop; only what the bot chains on by itself is.
    hops: hops + (hop && steps > 0 ? 1 : 0),
    steps: steps + 1,
  };
  if (counted.in_dialog > mostInDialog || counted.steps > mostSteps)
    return stop(
      turn,
      `BREAKING THE INTERACTION FLOW. Reached max limit on daisy chaining of interactions: ${mostInDialog}`,
    );
  if (counted.hops > mostHops)
    return stop(turn, `Breaking the interaction flow because iteration count exceeded ${mostHops}`);
  turn.flow = { ...flow, ...counted, interaction, outcome: null, default_message: null, regexes: [], go_to: null };
  if (hop) enterDialog(turn, dialog);
  return 'enter';
}

/** Another dialog has variables of its own. */
function enterDialog(turn: Turn, dialog: string): void {
  turn.state.dialog = dialog;
  turn.state.variables = { ...turn.state.variables, dialog: {} };
  forget(turn, dialog);
}

/** Breaks a chain that would not end; the conversation idles. */
export function stop(turn: Turn, text: string): null {
  trace(turn, { kind: 'guard', text });
  turn.state.waiting = null;
  turn.state.stack = [];
  return null;
}

function close(turn: Turn, survey: boolean): void {
  turn.emitted.push({ type: 'close', survey });
  turn.state.closed = true;
  turn.state.waiting = null;
  turn.state.stack = [];
  turn.state.parked = {};
}
