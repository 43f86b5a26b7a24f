import type { BotDocument } from '../document.ts';
import { interactionPlaces } from '../places.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Ids and integration names must be unique; interaction and dialog names should be, because scripts jump by name. */
export function checkUnique(document: BotDocument): DocumentProblem[] {
  const dialogs = document.dialogs.map((dialog, at) => ({ ...dialog, path: pointer('/dialogs', at) }));
  const interactions = interactionPlaces(document).map(({ interaction, path }) => ({ ...interaction, path }));
  const integrations = document.integrations.map((integration, at) => ({
    ...integration,
    path: pointer('/integrations', at),
  }));
  return [
    ...repeated(dialogs, 'id').map(({ path, value }) => error(path, `Another dialog has the id "${value}".`)),
    ...repeated(dialogs, 'name').map(({ path, value }) => warning(path, `Another dialog is called "${value}".`)),
    ...repeated(interactions, 'id').map(({ path, value }) => error(path, `Another interaction has the id "${value}".`)),
    ...repeated(interactions, 'name').map(({ path, value }) =>
      warning(path, `Another interaction is called "${value}": scripts that jump there reach the first.`),
    ),
    ...repeated(integrations, 'id').map(({ path, value }) => error(path, `Another integration has the id "${value}".`)),
    ...repeated(integrations, 'name').map(({ path, value }) =>
      error(path, `Another integration is called "${value}": {${value}.field} would be ambiguous.`),
    ),
  ];
}

function repeated<Key extends 'id' | 'name'>(
  items: readonly ({ path: string } & Record<Key, string>)[],
  key: Key,
): { path: string; value: string }[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const value = item[key];
    if (seen.has(value)) return [{ path: pointer(item.path, key), value }];
    seen.add(value);
    return [];
  });
}
