import type { EngineState } from '../engine/advance.ts';
import type { Need } from '../engine/step.ts';

export type CallNeed = Extract<Need, { type: 'call' }>;

/** How a call came to be run: fresh from the dialog, or taken up again. */
export interface CallOrigin {
  parked_call_id: string | null;
  confirmed: boolean;
  /** The consumer has just given permission for this: the same refusal again is a fault of the setup, not hers (X6). */
  after_grant: boolean;
}

/** A call that is on its way: written before it leaves, so that a restart knows what it must not send twice. */
export interface CallUnderWay {
  step_id: string;
  origin: CallOrigin;
  need: CallNeed;
  /** The connection whose permission it carries; null: none. */
  connection_id: string | null;
  /** How many calls the turn had made with this one. */
  calls: number;
}

/** The time of the bot's last answer. Epoch ms. `told`: the consumer has heard that she interrupted it. */
export interface Answering {
  from: number;
  until: number;
  told?: boolean;
}

/** What a conversation's row keeps: the engine's state and what the shell around it must remember. */
export interface ShellState {
  engine: EngineState;
  under_way?: CallUnderWay;
  /** Recipe sign-ins that ended while the consumer had moved on: what their Continue runs again. */
  continues?: Record<string, string>;
  /** The sign-in whose link the consumer was shown last. */
  offered?: string;
  /** When the bot answered last, where interruptions are switched on. */
  answering?: Answering;
  /** The parked call that the last "shall I?" was about: a plain "yes" means it until the bot asks something itself. */
  confirming?: string;
}

export function readShellState(text: string): ShellState {
  // The column is written by `writeShellState` only.
  return JSON.parse(text) as ShellState;
}

export function writeShellState(state: ShellState): string {
  return JSON.stringify(state);
}

/** Whether the dialog still has a place to which this parked call returns; a row without one was never committed to. */
export function isSetAside(state: ShellState, callId: string): boolean {
  return Object.hasOwn(state.engine.parked, callId);
}

/** The dialog does not return to this parked call any more. */
export function forgetParked(state: ShellState, callId: string): void {
  const { [callId]: _, ...others } = state.engine.parked;
  state.engine = { ...state.engine, parked: others };
  if (state.confirming === callId) delete state.confirming;
}
