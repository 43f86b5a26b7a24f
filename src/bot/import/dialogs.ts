import type { Dialog } from '../document.ts';
import { pointer } from '../problem.ts';
import type { ExportIndex } from './export-index.ts';
import { interactionOf } from './interaction.ts';
import type { OrderedDialog } from './order.ts';
import { type ForeignRecord, numberAt, placedRecordsAt, textAt, valueAt } from './record.ts';
import { firstText } from './source.ts';

export type IdentifiedDialog = OrderedDialog & { id: string };

const mostDialogs = 1_000;

/** A dialog as the export has it. */
interface Group {
  record: ForeignRecord;
  path: string;
}

/** The export's dialogs by id. */
export function groupsOf(json: ForeignRecord): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const [at, record] of placedRecordsAt(json, 'groups')) {
    const id = textAt(record, 'id')?.slice(0, 200);
    if (id && !groups.has(id)) groups.set(id, { record, path: pointer('/groups', at) });
  }
  return groups;
}

/** Ids of the dialogs that ask which intent was meant. */
export function disambiguationsIn(groups: ReadonlyMap<string, Group>): Set<string> {
  const asking = [...groups].filter(
    ([, { record }]) => typeOf(textAt(record, 'dialogType') ?? '') === 'disambiguation',
  );
  return new Set(asking.map(([id]) => id));
}

export function dialogsOf(
  index: ExportIndex,
  ordered: readonly IdentifiedDialog[],
  groups: ReadonlyMap<string, Group>,
): Dialog[] {
  const taken = new Set<Dialog['type']>();
  const dialogs = ordered.map((dialog) => dialogOf(index, { dialog, group: groups.get(dialog.id), taken }));
  const made = new Set(dialogs.map(({ id }) => id));
  // Dialogs without interactions are kept, so that what leads to them still does.
  const empty = [...groups].flatMap(([id, group]): Dialog[] => {
    if (made.has(id)) return [];
    const { record, path } = group;
    index.reporting.approximated(path, 'The dialog has no interactions: whatever leads there ends.');
    const name = (textAt(record, 'name') || id).slice(0, 200);
    return [{ id, name, ...kindOf(index, group, taken), interactions: [] }];
  });
  const all = [...dialogs, ...empty];
  if (all.length > mostDialogs)
    index.reporting.ignored('/groups', `Of ${all.length} dialogs the first ${mostDialogs} were kept.`);
  return all.slice(0, mostDialogs);
}

function dialogOf(
  index: ExportIndex,
  source: { dialog: IdentifiedDialog; group: Group | undefined; taken: Set<Dialog['type']> },
): Dialog {
  const { dialog, group, taken } = source;
  const { reporting } = index;
  const path = group?.path ?? dialog.messages[0]?.path ?? '/groups';
  const name = textAt(group?.record, 'name') || textAt(dialog.messages[0]?.record, 'name') || dialog.id;
  if (!group)
    reporting.approximated(
      path,
      `The export has no dialog for ${dialog.messages.length} interactions: "${name}" was made for them.`,
    );
  reporting.mapped(path, `The dialog "${name}" with ${dialog.messages.length} interactions.`);
  return {
    id: dialog.id,
    name: reporting.fit(name, 200, path),
    ...kindOf(index, group, taken),
    interactions: dialog.messages.map((message, position) =>
      interactionOf(index, { message, follower: dialog.messages[position + 1] }, position === 0),
    ),
  };
}

type Kind = Pick<Dialog, 'type' | 'enabled' | 'threshold' | 'extra_choice' | 'extra_reply'>;

function kindOf({ reporting }: ExportIndex, group: Group | undefined, taken: Set<Dialog['type']>): Kind {
  const off = textAt(group?.record, 'status') === 'DISABLED' ? { enabled: false } : {};
  if (!group) return { type: 'standard' };
  const { record, path } = group;
  const given = textAt(record, 'dialogType') ?? 'DIALOG';
  if (/SURVEY/i.test(given)) {
    reporting.ignored(
      path,
      'Surveys after a conversation are not made in Errand: the dialog is kept, and switched off.',
    );
    return { type: 'standard', enabled: false };
  }
  const type = typeOf(given);
  if (type !== 'standard' && taken.has(type)) {
    reporting.approximated(path, `There is already a dialog of the type ${type}; this one is an ordinary dialog.`);
    return { type: 'standard', ...off };
  }
  taken.add(type);
  if (!['DIALOG', 'FALLBACK_DIALOG'].includes(given))
    reporting.approximated(
      pointer(path, 'dialogType'),
      `No export with the dialog type ${given.slice(0, 100)} was known when this was written: it was read as ${type}.`,
    );
  return { type, ...off, ...settingsOf(type, record) };
}

function typeOf(given: string): Dialog['type'] {
  if (/FALLBACK/i.test(given)) return 'fallback';
  if (/DISAMBIG/i.test(given)) return 'disambiguation';
  return /ESCALATION/i.test(given) ? 'auto_escalation' : 'standard';
}

function settingsOf(type: Dialog['type'], record: ForeignRecord): Omit<Kind, 'type' | 'enabled'> {
  if (type === 'auto_escalation') {
    const threshold = ['autoEscalationThreshold', 'escalationThreshold', 'threshold'].flatMap((key) =>
      valueAt(record, key) === undefined ? [] : (numberAt(record, key) ?? []),
    )[0];
    return threshold !== undefined && Number.isInteger(threshold) && threshold >= 1 && threshold <= 20
      ? { threshold }
      : {};
  }
  if (type !== 'disambiguation') return {};
  const choice = firstText(record, 'extraChoice', 'additionalChoice')?.slice(0, 128);
  const reply = firstText(record, 'extraReply', 'additionalChoiceReply')?.slice(0, 20_000);
  return { ...(choice && { extra_choice: choice }), ...(reply && { extra_reply: reply }) };
}
