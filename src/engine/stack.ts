import type { Suspended, Waiting } from './state.ts';
import { type Turn, trace } from './turn.ts';
import { readVariable } from './variables.ts';

const deepest = 10;

/** Puts the question the bot waits at aside, to come back to it when what interrupts it is done. */
export function suspend(turn: Turn, onReturn: Suspended['on_return']): void {
  const { waiting, stack, variables } = turn.state;
  if (!waiting) return;
  const suspended: Suspended = { ...waiting, dialog_variables: variables.dialog, on_return: onReturn };
  turn.state.stack = [...stack, suspended].slice(-deepest);
  turn.state.waiting = null;
}

/** The flow asks something itself: questions it interrupted are out of sight now, and must be asked again on return. */
export function settleStack(turn: Turn): void {
  turn.state.stack = turn.state.stack.map((entry) => ({ ...entry, on_return: 'repeat' }));
}

/** A dialog that starts or is jumped into is no longer one to come back to. */
export function forget(turn: Turn, dialog: string): void {
  turn.state.stack = turn.state.stack.filter((entry) => turn.bot.places.get(entry.interaction)?.dialog.id !== dialog);
}

/** The question to come back to, taken off the stack with its dialog's variables in force again; undefined when there is none. */
export function comeBack(turn: Turn): { question: Waiting; repeat: boolean } | undefined {
  const entry = turn.state.stack.at(-1);
  if (!entry) return undefined;
  turn.state.stack = turn.state.stack.slice(0, -1);
  const place = turn.bot.places.get(entry.interaction);
  const skip = entry.on_return === 'repeat' && String(readVariable(turn.state, 'skipPreviousDialog')) === 'true';
  if (!place || skip) return comeBack(turn);
  turn.state.dialog = place.dialog.id;
  turn.state.variables = { ...turn.state.variables, dialog: entry.dialog_variables };
  trace(turn, { kind: 'matched', by: 'context_switch', dialog: place.dialog.id, interaction: entry.interaction });
  const { dialog_variables: _, on_return, ...question } = entry;
  return { question, repeat: on_return === 'repeat' };
}
