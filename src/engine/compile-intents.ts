import type { BotDocument, Dialog, Interaction } from '../bot/document.ts';
import { normalise } from './pattern.ts';
import type { PatternSet } from './pattern-set.ts';
import type { Place } from './place.ts';

/** What a bot makes of understood intents and entities; compiled with it. */
export interface Intents {
  /** Enabled starters that an intent starts, by every key of the intent: the first of the document. */
  starters: ReadonlyMap<string, IntentStarter>;
  /** Keys under which an intent is known here: whatever names it by id or by name means the same one. */
  keysOf(intent: { id: string; name: string }): string[];
  keyOf(idOrName: string): string;
  /** What the document calls it; undefined when it does not name it. */
  nameOf(key: string): string | undefined;
  /** Interactions whose rules or slots ask for intents or entities. */
  asksAt: ReadonlySet<string>;
  /** Slots that the utterance which starts a dialog may fill, by dialog. */
  slots: ReadonlyMap<string, readonly Slot[]>;
  /** A script reads entities, so they must be known before one runs. */
  scripted: boolean;
}

export interface IntentStarter {
  place: Place;
  patterns: PatternSet;
}

export interface Slot {
  name: string;
  entity: string;
}

export function compileIntents(
  document: BotDocument,
  places: ReadonlyMap<string, Place>,
  patternsOf: (starter: Extract<Interaction, { type: 'starter' }>) => PatternSet,
): Intents {
  const { keyOf, nameOf } = namesOf(document);
  const starters = new Map<string, IntentStarter>();
  const asksAt = new Set<string>();
  for (const place of places.values()) {
    const { interaction, dialog } = place;
    if (asks(interaction)) asksAt.add(interaction.id);
    if (interaction.type !== 'starter' || interaction.intent === undefined) continue;
    const key = keyOf(interaction.intent);
    if (interaction.enabled === false || dialog.enabled === false || starters.has(key)) continue;
    starters.set(key, { place, patterns: patternsOf(interaction) });
  }
  const entities = (document.entities ?? []).length > 0 || document.recogniser !== undefined;
  return {
    starters,
    keysOf: ({ id, name }) => [...new Set([keyOf(id), keyOf(name)])],
    keyOf,
    nameOf,
    asksAt,
    slots: new Map(document.dialogs.map((dialog) => [dialog.id, slotsOf(dialog)])),
    scripted: entities && JSON.stringify(document).includes('getNamedEntities'),
  };
}

function namesOf({ intents = [] }: BotDocument): Pick<Intents, 'keyOf' | 'nameOf'> {
  const ids = new Set(intents.map(({ id }) => id));
  const byName = new Map(intents.map(({ id, name }) => [normalise(name), id]));
  const names = new Map(intents.map(({ id, name }) => [id, name]));
  return {
    // Where the document has no such intent, as after an import, the name itself is compared.
    keyOf: (idOrName) => (ids.has(idOrName) ? idOrName : (byName.get(normalise(idOrName)) ?? normalise(idOrName))),
    nameOf: (key) => names.get(key),
  };
}

function asks(interaction: Interaction): boolean {
  if ('slot' in interaction && interaction.slot) return true;
  return (interaction.rules ?? []).some(
    ({ when, slot }) => when?.match === 'intent' || (slot?.entity !== undefined && slot.value === undefined),
  );
}

function slotsOf({ interactions }: Dialog): Slot[] {
  return interactions.flatMap((interaction) =>
    'slot' in interaction && interaction.slot && interaction.enabled !== false ? [interaction.slot] : [],
  );
}
