/** Where the interactions of a document lead, as far as can be told without running it. */
import type { Action, BotDocument, Interaction } from './document.ts';
import { actionPlaces, type InteractionPlace, interactionPlaces } from './places.ts';
import { scriptsOf } from './scripts-of.ts';

export interface Flow {
  places: readonly InteractionPlace[];
  byId: ReadonlyMap<string, InteractionPlace>;
  /** Each dialog's first interaction, by the dialog's id. */
  entries: ReadonlyMap<string, string>;
  /** Ids of what each interaction may lead to, by its id: through rules, next actions and jumps of its scripts. */
  leads: ReadonlyMap<string, readonly string[]>;
  /** What global functions and transforms may jump to. */
  jumpedTo: readonly string[];
  /** Some script jumps by a name it makes up: then nothing can be called unreachable. */
  anywhere: boolean;
}

const statements: readonly Interaction['type'][] = [
  'starter',
  'text',
  'image',
  'integration',
  'transfer',
  'route',
  'opaque',
];

/** Whether the bot waits there for the consumer. */
export function isQuestion({ type }: Interaction): boolean {
  return !statements.includes(type);
}

const known = new WeakMap<BotDocument, Flow>();

/** Computed once for a document, however many checks ask. */
export function flowOf(document: BotDocument): Flow {
  const before = known.get(document);
  if (before) return before;
  const places = interactionPlaces(document);
  const byId = new Map(places.map((place) => [place.interaction.id, place]));
  const entries = new Map(
    document.dialogs.flatMap(({ id, interactions: [first] }) => (first ? [[id, first.id] as const] : [])),
  );
  const jumps = jumpsIn(document, places);
  const leads = new Map(
    places.map((place) => [
      place.interaction.id,
      [...targetsOf(entries, place), ...(jumps.by.get(place.interaction.id) ?? [])],
    ]),
  );
  const flow = { places, byId, entries, leads, jumpedTo: [...jumps.everywhere], anywhere: jumps.anywhere };
  known.set(document, flow);
  return flow;
}

function jumpsIn(document: BotDocument, places: readonly InteractionPlace[]) {
  const idsByName = new Map(places.toReversed().map(({ interaction }) => [interaction.name, interaction.id]));
  const by = new Map<string, Set<string>>();
  const everywhere = new Set<string>();
  let anywhere = false;
  for (const { read, of } of scriptsOf(document)) {
    if (!read.ok || read.facts.jumpsAnywhere) anywhere = true;
    const targets = read.ok ? read.facts.targets.flatMap(({ name }) => idsByName.get(name) ?? []) : [];
    const jumps = of ? (by.get(of.interaction.id) ?? new Set()) : everywhere;
    for (const target of targets) jumps.add(target);
    if (of) by.set(of.interaction.id, jumps);
  }
  return { by, everywhere, anywhere };
}

/** Ids of the interactions that next actions lead to. */
function targetsOf(entries: Flow['entries'], place: InteractionPlace): string[] {
  if (place.interaction.enabled === false) return following(place);
  const targets = actionPlaces(place).flatMap(({ action }) => targetOf(entries, place, action));
  return goesOnByItself(place.interaction) ? [...targets, ...following(place)] : targets;
}

/** Without a next action of its own it goes to the one after it; a question with rules takes only what they take. */
export function goesOnByItself(interaction: Interaction): boolean {
  if (interaction.next !== undefined) return false;
  return !isQuestion(interaction) || (interaction.rules ?? []).length === 0;
}

export function targetOf(entries: Flow['entries'], place: InteractionPlace, action: Action): string[] {
  if (action.go === 'interaction') return [action.id];
  if (action.go === 'next') return following(place);
  if (action.go === 'current') return [place.interaction.id];
  if (action.go !== 'dialog') return [];
  const first = entries.get(action.id);
  return first === undefined ? [] : [first];
}

/** The next enabled interaction of the dialog. */
function following({ dialog, at }: InteractionPlace): string[] {
  for (let i = at + 1; i < dialog.interactions.length; i++) {
    const one = dialog.interactions[i];
    if (one && one.enabled !== false) return [one.id];
  }
  return [];
}

/** Everything that can be reached from these ids, themselves included; added to `reached`, behind which nobody looks again. */
export function reachedFrom(
  leads: ReadonlyMap<string, readonly string[]>,
  ids: Iterable<string>,
  reached = new Set<string>(),
): Set<string> {
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(leads.get(id) ?? []));
  }
  return reached;
}

/** The same map the other way round. */
export function reversed(leads: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const back = new Map<string, string[]>();
  for (const [from, targets] of leads) {
    for (const to of targets) {
      const found = back.get(to);
      if (found) found.push(from);
      else back.set(to, [from]);
    }
  }
  return back;
}
