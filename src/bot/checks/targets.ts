import type { BotDocument } from '../document.ts';
import { actionPlaces, interactionPlaces } from '../places.ts';
import { type DocumentProblem, error, warning } from '../problem.ts';

/** Next actions must lead somewhere. */
export function checkTargets(document: BotDocument): DocumentProblem[] {
  const places = interactionPlaces(document);
  const interactions = new Set(places.map(({ interaction }) => interaction.id));
  const dialogs = new Map(document.dialogs.map((dialog) => [dialog.id, dialog]));
  return places.flatMap(actionPlaces).flatMap(({ action, path }) => {
    if (action.go === 'interaction' && !interactions.has(action.id))
      return [error(`${path}/id`, `There is no interaction with the id "${action.id}".`)];
    if (action.go !== 'dialog') return [];
    const dialog = dialogs.get(action.id);
    if (!dialog) return [error(`${path}/id`, `There is no dialog with the id "${action.id}".`)];
    return dialog.enabled === false
      ? [warning(`${path}/id`, `The dialog "${dialog.name}" is disabled: the flow ends here.`)]
      : [];
  });
}
