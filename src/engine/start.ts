import type { Interaction } from '../bot/document.ts';
import type { Place } from './place.ts';
import { isSignInOnly } from './content.ts';
import { linkVariable } from './handle.ts';
import { jump } from './jump.ts';
import { slotsAtStart } from './slots.ts';
import { suspend } from './stack.ts';
import { namesIn } from './template.ts';
import { type Onward, type Turn, trace } from './turn.ts';

/** What was heard starts a dialog; the question that it interrupts is come back to. */
export function startDialog(
  turn: Turn,
  question: Place | undefined,
  started: { place: Place; by: 'starter' | 'intent'; pattern?: string },
): Onward {
  const { place, ...by } = started;
  const { dialog, interaction } = place;
  trace(turn, { kind: 'matched', ...by, dialog: dialog.id, interaction: interaction.id });
  // A dialog that starts anew has nothing to come back to in itself, and a fallback is none to come back to.
  const isLeft = question && question.dialog.id !== dialog.id && question.dialog.type !== 'fallback';
  if (isLeft && !awaitsNothing(question.interaction)) suspend(turn, 'repeat');
  turn.state.waiting = null;
  turn.state.disambiguating = null;
  turn.flow = { ...turn.flow, understood: true, started: true };
  turn.state.starter_intent = intentOf(turn, interaction);
  // The same dialog from its start counts as entered anew: its variables are fresh.
  turn.state.dialog = null;
  const onward = jump(turn, interaction.id);
  return onward === 'enter' ? slotsAtStart(turn) : onward;
}

/** As the bot calls it: an export names it by its id. */
function intentOf({ bot: { intents } }: Turn, interaction: Interaction): string | null {
  if (interaction.type !== 'starter' || interaction.intent === undefined) return null;
  return intents.nameOf(intents.keyOf(interaction.intent)) ?? interaction.intent;
}

/**
 * A sign-in awaits no answer: who talks of something else has moved on, and is told when it is done. Nor does a question of
 * links that no answer would lead on from: it would come back for ever.
 */
export function awaitsNothing(interaction: Interaction): boolean {
  if (interaction.type === 'structured' || interaction.type === 'universal') return isSignInOnly(interaction);
  if (interaction.type !== 'button_question' || !isLinkOnly(interaction)) return false;
  if ((interaction.rules ?? []).length === 0 && interaction.next === undefined) return true;
  return interaction.buttons.some(({ callback = '' }) => namesIn(callback).includes(linkVariable));
}

/** A link button sends no reply, so what is typed at it is a new question before it is an answer. */
export function isLinkOnly(interaction: Interaction): boolean {
  if (interaction.type === 'structured' || interaction.type === 'universal') return isSignInOnly(interaction);
  return (
    interaction.type === 'button_question' &&
    interaction.buttons.length > 0 &&
    interaction.buttons.every(({ type }) => type === 'link')
  );
}
