import type { BotDocument, Dialog } from '../document.ts';
import { type Flow, flowOf, reachedFrom } from '../flow.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** Every dialog should be started by something, and every interaction led to. */
export function checkReachability(document: BotDocument): DocumentProblem[] {
  const flow = flowOf(document);
  if (flow.anywhere) return [];
  const reached = reachedFrom(flow.leads, [...document.dialogs.flatMap(entryOf), ...flow.jumpedTo]);
  return document.dialogs.flatMap((dialog, at) =>
    checkDialog(flow, { dialog, path: pointer('/dialogs', at), reached }),
  );
}

/** What begins by itself: starters that something matches, and the dialogs that the platform starts. */
export function entryOf({ type, interactions, enabled }: Dialog): string[] {
  const first = interactions[0];
  if (!first || enabled === false) return [];
  if (type !== 'standard') return [first.id];
  if (first.type !== 'starter' || first.enabled === false) return [];
  return (first.patterns ?? []).length > 0 || first.intent !== undefined ? [first.id] : [];
}

function checkDialog(
  flow: Flow,
  { dialog, path, reached }: { dialog: Dialog; path: string; reached: ReadonlySet<string> },
): DocumentProblem[] {
  const { interactions, enabled, name } = dialog;
  if (enabled === false || interactions.length === 0) return [];
  if (interactions.every(({ id }) => !reached.has(id)))
    return [warning(path, `Nothing begins the dialog "${name}". ${fixFor(dialog)}`)];
  const told = new Set<string>();
  return interactions.flatMap((interaction, at) => {
    // A starter in front may be passed by; what is switched off is meant to be.
    if (
      reached.has(interaction.id) ||
      told.has(interaction.id) ||
      interaction.type === 'starter' ||
      interaction.enabled === false
    )
      return [];
    reachedFrom(flow.leads, [interaction.id], told);
    const message = `Nothing leads to "${interaction.name}": let a rule or a next action go there, or take it out.`;
    return [warning(pointer(path, 'interactions', at), message)];
  });
}

function fixFor({ interactions: [first] }: Dialog): string {
  if (first?.type === 'starter') return 'Give its starter a pattern or an intent, or let a next action lead there.';
  return 'Put a dialog starter in front, or let a next action lead there.';
}
