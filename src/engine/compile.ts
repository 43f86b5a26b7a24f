import type { BotDocument, Condition, Dialog, Integration, Interaction } from '../bot/document.ts';
import { compileIntents, type Intents } from './compile-intents.ts';
import { dialogsOf } from './default-dialogs.ts';
import { createStarterMatcher, type Starter, type StarterMatcher } from './starter-matcher.ts';
import { type PatternSet, patternSet } from './pattern-set.ts';
import type { Place } from './place.ts';

/** A bot document made ready to run: compiled once per version, shared by all its conversations, never changed. */
export interface Bot {
  document: BotDocument;
  dialogs: ReadonlyMap<string, Dialog>;
  places: ReadonlyMap<string, Place>;
  placesByName: ReadonlyMap<string, Place>;
  /** By name: what interactions and expressions call them. */
  integrations: ReadonlyMap<string, Integration>;
  /** What their answers are kept under, without `api_`. */
  responseVariables: ReadonlySet<string>;
  /** The enabled starter whose pattern matches the normalised text best. */
  matchStarter: StarterMatcher;
  fallback: Dialog | undefined;
  /** What is asked when several intents are possible; undefined where no intents start dialogs, or it is switched off. */
  disambiguation: Dialog | undefined;
  /** What is started when too much was not understood. */
  escalation: Dialog | undefined;
  intents: Intents;
  /** The patterns of a rule's condition. */
  patternsOf(condition: Condition): PatternSet;
  hasInit: boolean;
}

export function compile(document: BotDocument): Bot {
  const dialogs = new Map<string, Dialog>();
  const places = new Map<string, Place>();
  const placesByName = new Map<string, Place>();
  const sets = new Map<Condition, PatternSet>();
  const all = dialogsOf(document);
  for (const dialog of all) {
    dialogs.set(dialog.id, dialog);
    for (const place of placesOf(dialog)) {
      places.set(place.interaction.id, place);
      if (!placesByName.has(place.interaction.name)) placesByName.set(place.interaction.name, place);
      collectPatterns(place.interaction, sets);
    }
  }
  const enabled = (type: Dialog['type']): Dialog | undefined =>
    all.find((dialog) => dialog.type === type && dialog.enabled !== false);
  return {
    document,
    dialogs,
    places,
    placesByName,
    integrations: new Map(document.integrations.map((integration) => [integration.name, integration])),
    responseVariables: new Set(document.integrations.map(({ response_variable }) => response_variable)),
    matchStarter: createStarterMatcher(startersOf(places)),
    fallback: enabled('fallback'),
    disambiguation: enabled('disambiguation'),
    escalation: enabled('auto_escalation'),
    intents: compileIntents(document, places, ({ exclude }) => patternSet([], exclude)),
    patternsOf: (condition) => sets.get(condition) ?? { patterns: [], excluded: [] },
    hasInit: /\b__initConversation\b|\binitConversation\b/.test(document.global_functions ?? ''),
  };
}

function placesOf(dialog: Dialog): Place[] {
  let next: string | undefined;
  const places: Place[] = [];
  for (const interaction of dialog.interactions.toReversed()) {
    places.push({ interaction, dialog, next });
    if (interaction.enabled !== false) next = interaction.id;
  }
  return places.reverse();
}

function collectPatterns(interaction: Interaction, sets: Map<Condition, PatternSet>): void {
  for (const { when } of interaction.rules ?? []) {
    if (when?.match === 'pattern') sets.set(when, patternSet(when.patterns, when.exclude));
    else if (when?.match === 'regex') sets.set(when, patternSet([], when.exclude));
  }
}

function startersOf(places: Map<string, Place>): Starter[] {
  const starters: Starter[] = [];
  for (const place of places.values()) {
    const { interaction, dialog } = place;
    if (interaction.type !== 'starter' || interaction.enabled === false || dialog.enabled === false) continue;
    if (interaction.patterns) starters.push({ place, patterns: patternSet(interaction.patterns, interaction.exclude) });
  }
  return starters;
}
