import type { Interaction } from '../bot/document.ts';
import type { Bot } from './compile.ts';
import type { Place } from './place.ts';
import type { Sizes } from './size.ts';
import type { EngineState, Flow, Stage } from './state.ts';
import type { Emitted, EngineTrace, Facts, Hook, Need } from './step.ts';

/**
 * The workbench of one call of `advance`: `state` and `flow` are fresh copies whose members are replaced, never changed
 * in place, so the state that came in stays as it was.
 */
export interface Turn {
  readonly bot: Bot;
  readonly facts: Facts;
  readonly state: EngineState;
  flow: Flow;
  readonly emitted: Emitted[];
  /** What is known of the variables' sizes: a script may set a thousand of them. */
  readonly sizes: Sizes;
}

/** What a stage says: the stage to go on with, what is needed first, or nothing more to do. */
export type Onward = Stage | Need | null;

export function trace(turn: Turn, entry: EngineTrace): void {
  turn.emitted.push({ type: 'trace', entry });
}

/** A note of the engine itself about something odd in the bot. */
export function warn(turn: Turn, text: string): void {
  const { interaction } = turn.flow;
  trace(turn, { kind: 'log', level: 'warn', text, ...(interaction && { interaction }) });
}

/** The place the flow stands at; undefined when the version no longer has it. */
export function placeOf(turn: Turn): Place | undefined {
  return turn.bot.places.get(turn.flow.interaction);
}

/** Notes what must come before the flow goes on at `stage`. */
export function need(turn: Turn, stage: Stage, wanted: Need): Need {
  turn.flow = { ...turn.flow, stage, expects: wanted.type, hook: wanted.type === 'script' ? wanted.hook : null };
  return wanted;
}

export type HookName = Exclude<Hook, 'init' | 'transform'>;

/** The author's code of a hook, or undefined when there is none. */
export function codeOf(interaction: Interaction, hook: HookName): string | undefined {
  const code = hook === 'process_user_response' ? processUserResponse(interaction) : interaction[hook];
  return code?.trim() ? code : undefined;
}

function processUserResponse(interaction: Interaction): string | undefined {
  return 'process_user_response' in interaction ? interaction.process_user_response : undefined;
}

/** Questions wait for the consumer; everything else goes on by itself. */
export function isQuestion({ type }: Interaction): boolean {
  return questions.has(type);
}

const questions: ReadonlySet<Interaction['type']> = new Set([
  'text_question',
  'button_question',
  'quick_reply',
  'multiple_choice',
  'structured',
  'universal',
  'list_picker',
  'time_picker',
  'file_upload',
]);
