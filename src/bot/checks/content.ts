import type { ContentFault } from '../content/check-content.ts';
import { contentFaults } from '../content/content-faults.ts';
import type { BotDocument, Interaction } from '../document.ts';
import { interactionPlaces } from '../places.ts';
import { type DocumentProblem, warning } from '../problem.ts';

/** Faults told of one interaction. */
const most = 5;

/** Structured content, links and addresses of pictures that cannot be shown as they are written. */
export function checkStructuredContent(document: BotDocument): DocumentProblem[] {
  return interactionPlaces(document).flatMap(({ interaction, path }) =>
    contentFaults(interaction)
      .slice(0, most)
      .map((fault) =>
        warning(
          `${path}${fault.path}`,
          `It cannot be shown as it is: ${fault.message}. ${otherwise(interaction, fault)}`,
        ),
      ),
  );
}

/** What happens in a conversation as long as nobody mends it. */
function otherwise({ type }: Interaction, { leave_out }: ContentFault): string {
  if (type === 'universal' && leave_out === undefined)
    return 'Mend it, or nothing of the content is shown: the consumer reads that the bot is not set up correctly.';
  return type === 'image' ? 'Mend it, or it is left out.' : 'Mend it, or it is left out; the rest is shown.';
}
