import type { BotDocument, Entity } from '../document.ts';
import { suggestFrom } from '../nearest-name.ts';
import { interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Intents and entities must be there, be told apart, and be recognised by somebody. */
export function checkUnderstanding(document: BotDocument): DocumentProblem[] {
  return [
    ...checkIntents(document),
    ...checkRecogniser(document),
    ...checkEntities(document.entities ?? []),
    ...checkUses(document),
  ];
}

function checkIntents({ intents = [], recogniser }: BotDocument): DocumentProblem[] {
  const ids = new Set<string>();
  const names = new Set<string>();
  return intents.flatMap(({ id, name, phrases }, at) => {
    const path = pointer('/intents', at);
    const problems: DocumentProblem[] = [];
    if (ids.has(id)) problems.push(error(pointer(path, 'id'), `Another intent has the id "${id}".`));
    if (names.has(name)) problems.push(warning(pointer(path, 'name'), `Another intent is called "${name}".`));
    if (phrases.length === 0 && !recogniser)
      problems.push(
        warning(
          pointer(path, 'phrases'),
          `Nobody recognises the intent "${name}": write what consumers say who mean it, or name a recogniser.`,
        ),
      );
    ids.add(id);
    names.add(name);
    return problems;
  });
}

function checkRecogniser({ recogniser, integrations }: BotDocument): DocumentProblem[] {
  if (!recogniser) return [];
  const found = integrations.find(({ name }) => name === recogniser.integration);
  const path = '/recogniser/integration';
  if (!found) {
    const near = suggestFrom(integrations.map(({ name }) => name))(recogniser.integration);
    return [error(path, `There is no integration called "${recogniser.integration}".${near}`)];
  }
  return found.type === 'function'
    ? []
    : [error(path, 'The recogniser must be an integration of the type "function".')];
}

function checkEntities(entities: readonly Entity[]): DocumentProblem[] {
  const names = new Set<string>();
  return entities.flatMap((entity, at) => {
    const path = pointer('/entities', at);
    const again = names.has(entity.name)
      ? [error(pointer(path, 'name'), `Another entity is called "${entity.name}".`)]
      : [];
    names.add(entity.name);
    return again;
  });
}

/** Starters and rules name intents by id or name; slots name entities. */
function checkUses({ intents = [], entities = [], recogniser, ...document }: BotDocument): DocumentProblem[] {
  const known = new Set(intents.flatMap(({ id, name }) => [id, name]));
  const kinds = new Set(entities.map(({ name }) => name));
  const nearIntent = suggestFrom(known);
  const nearEntity = suggestFrom(kinds);
  const intent = (name: string | undefined, path: string) =>
    name === undefined || known.has(name) || recogniser
      ? []
      : [
          warning(
            path,
            `There is no intent "${name}", and no recogniser is named that might know it.${nearIntent(name)}`,
          ),
        ];
  const entity = (name: string | undefined, path: string) =>
    name === undefined || kinds.has(name.replace(/^@/, '')) || kinds.has(name) || recogniser
      ? []
      : [warning(path, `There is no entity "${name}": the slot is never filled.${nearEntity(name)}`)];
  return interactionPlaces({ ...document }).flatMap((place) => {
    const { interaction, path } = place;
    const own = interaction.type === 'starter' ? intent(interaction.intent, pointer(path, 'intent')) : [];
    const slot = 'slot' in interaction ? entity(interaction.slot?.entity, pointer(path, 'slot', 'entity')) : [];
    const rules = rulePlaces(place).flatMap(({ rule, path: at }) => [
      ...(rule.when?.match === 'intent' ? intent(rule.when.intent, pointer(at, 'when', 'intent')) : []),
      ...entity(rule.slot?.entity, pointer(at, 'slot', 'entity')),
    ]);
    return [...own, ...slot, ...rules];
  });
}
