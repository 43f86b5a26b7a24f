import type { Interaction } from '../bot/document.ts';
import { isQuestion, type Turn } from './turn.ts';

/** Whether the consumer is being asked which of several intents is meant, at this question. */
export function isDisambiguating({ bot, state }: Turn, interaction: Interaction): boolean {
  return (
    Boolean(state.disambiguating) &&
    isQuestion(interaction) &&
    bot.places.get(interaction.id)?.dialog === bot.disambiguation
  );
}

/** A question as it is asked now: that of a disambiguation has the possible intents as its choices. */
export function asAsked(turn: Turn, interaction: Interaction): Interaction {
  if (!isDisambiguating(turn, interaction)) return interaction;
  const { id, name, delay_ms, ...question } = interaction;
  return {
    id,
    name,
    type: 'multiple_choice',
    text: 'text' in question ? (question.text ?? '') : '{$errand.disambiguate}',
    choices: choicesOf(turn),
    ...(delay_ms === undefined ? {} : { delay_ms }),
    ...('display' in question && question.display === 'quick_replies' ? { display: 'quick_replies' } : {}),
    ...('list_style' in question && question.list_style ? { list_style: question.list_style } : {}),
  };
}

function choicesOf({ state }: Turn): string[] {
  const { options = [], extra = null } = state.disambiguating ?? {};
  return [...options.map(({ label }) => label), ...(extra === null ? [] : [extra])];
}
