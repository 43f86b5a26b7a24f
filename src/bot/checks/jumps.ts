import type { BotDocument } from '../document.ts';
import { suggestFrom } from '../nearest-name.ts';
import { type DocumentProblem, warning } from '../problem.ts';
import { scriptsOf } from '../scripts-of.ts';
import { flowOf } from '../flow.ts';

/** Hands the reply to whatever else understands it. */
const sentinel = 'platform.default';

/** Names that scripts jump to should be those of interactions. */
export function checkJumps(document: BotDocument): DocumentProblem[] {
  const names = new Set(flowOf(document).places.map(({ interaction }) => interaction.name));
  const suggest = suggestFrom(names);
  return scriptsOf(document).flatMap(({ read, path }) => {
    if (!read.ok) return [];
    const dangling = new Map(
      read.facts.targets
        .filter(({ name }) => name !== sentinel && !names.has(name))
        .map((target) => [target.name, target]),
    );
    return [...dangling.values()].map(({ name, line }) =>
      warning(
        path,
        `setTriggerNextMessage names "${name.slice(0, 200)}" (line ${line}), but no interaction is called so: nothing happens there.${suggest(name)}`,
      ),
    );
  });
}
