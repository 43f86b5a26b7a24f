import type { BotDocument } from '../document.ts';
import { interactionPlaces } from '../places.ts';
import { type DocumentProblem, warning } from '../problem.ts';

/** What an import kept and this version cannot run: whoever publishes it should know. */
export function checkOpaque(document: BotDocument): DocumentProblem[] {
  return interactionPlaces(document).flatMap(({ interaction, path }) =>
    interaction.type === 'opaque'
      ? [
          warning(
            path,
            `"${interaction.name}" (${interaction.imported_type}) was imported as it is and cannot run: it does nothing when reached. The report of "errand import" says why.`,
          ),
        ]
      : [],
  );
}
