import type { BotDocument } from '../document.ts';
import { type Flow, flowOf, goesOnByItself, isQuestion, targetOf } from '../flow.ts';
import type { InteractionPlace } from '../places.ts';
import { type DocumentProblem, warning } from '../problem.ts';

/** The flow is stopped after so many interactions of one dialog in a row. */
const mostInRow = 10;

/** Interactions that lead on by themselves for ever, or further than the platform lets them. */
export function checkLoops(document: BotDocument): DocumentProblem[] {
  const flow = flowOf(document);
  const forced = new Map(flow.places.map((place) => [place.interaction.id, forcedNext(flow, place)]));
  return [...circles(flow, forced), ...longChains(flow, forced)];
}

/** The one interaction that always follows, whatever the consumer says. */
function forcedNext(flow: Flow, place: InteractionPlace): string | undefined {
  const { interaction } = place;
  if (
    isQuestion(interaction) ||
    (interaction.rules ?? []).length > 0 ||
    !['text', 'image', 'starter'].includes(interaction.type)
  )
    return undefined;
  // A script may jump elsewhere.
  if (interaction.pre_process || interaction.post_process) return undefined;
  if (interaction.enabled === false) return undefined;
  const action = goesOnByItself(interaction) ? { go: 'next' as const } : interaction.next;
  const [next] = action ? targetOf(flow.entries, place, action) : [];
  return next !== undefined && flow.byId.has(next) ? next : undefined;
}

function circles(flow: Flow, forced: ReadonlyMap<string, string | undefined>): DocumentProblem[] {
  const done = new Set<string>();
  return flow.places.flatMap(({ interaction }) => {
    const walked = new Set<string>();
    let id: string | undefined = interaction.id;
    while (id !== undefined && !done.has(id) && !walked.has(id)) {
      walked.add(id);
      id = forced.get(id);
    }
    for (const one of walked) done.add(one);
    const place = id !== undefined && walked.has(id) ? flow.byId.get(id) : undefined;
    if (!place) return [];
    const message = `"${place.interaction.name}" leads round to itself without asking anything: the flow is stopped there. Let a question or an end come between.`;
    return [warning(place.path, message)];
  });
}

function longChains(flow: Flow, forced: ReadonlyMap<string, string | undefined>): DocumentProblem[] {
  const followed = new Set(forced.values());
  return flow.places.flatMap(({ interaction, dialog, path }) => {
    if (followed.has(interaction.id)) return [];
    let at = interaction.type === 'starter' ? forced.get(interaction.id) : interaction.id;
    let inRow = 0;
    while (at !== undefined && inRow <= mostInRow && flow.byId.get(at)?.dialog === dialog) {
      inRow += 1;
      at = forced.get(at);
    }
    if (inRow <= mostInRow) return [];
    const message = `More than ${mostInRow} interactions follow from "${interaction.name}" without a question: the flow is stopped after ${mostInRow}. Put texts together, or ask something in between.`;
    return [warning(path, message)];
  });
}
