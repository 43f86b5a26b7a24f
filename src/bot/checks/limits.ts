import type { BotDocument, Interaction } from '../document.ts';
import { isQuestion } from '../flow.ts';
import { interactionPlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** What channels of LivePerson show of a question and of what is tapped. */
const longest = { question: 255, reply: 25 };

/** Texts that are longer than they are shown elsewhere. Errand itself shows all of them. */
export function checkLimits(document: BotDocument): DocumentProblem[] {
  return interactionPlaces(document).flatMap(({ interaction, path }) => [
    ...checkQuestion(interaction, path),
    ...checkReplies(interaction, path),
  ]);
}

function checkQuestion(interaction: Interaction, path: string): DocumentProblem[] {
  if (!isQuestion(interaction) || !('text' in interaction) || (interaction.text?.length ?? 0) <= longest.question)
    return [];
  return [
    warning(
      pointer(path, 'text'),
      `The question is longer than ${longest.question} characters, which some channels cut: say the rest in a text before it.`,
    ),
  ];
}

function checkReplies(interaction: Interaction, path: string): DocumentProblem[] {
  if (interaction.type !== 'quick_reply') return [];
  return interaction.replies.flatMap(({ title }, at) =>
    title.length <= longest.reply
      ? []
      : [
          warning(
            pointer(path, 'replies', at, 'title'),
            `The quick reply is longer than ${longest.reply} characters, which some channels cut: shorten its title.`,
          ),
        ],
  );
}
