import type { Interaction } from '../document.ts';
import { pointer } from '../problem.ts';
import type { ExportIndex } from './export-index.ts';
import {
  contentMembers,
  escalationMembers,
  exportMembers,
  integrationMembers,
  interactionMembers,
  type Members,
} from './members.ts';
import { type ForeignRecord, isRecord, recordAt, recordsAt, valueAt } from './record.ts';
import type { Reporting } from './report.ts';

/** Reports every member of the export that nothing was made of and that is not known to mean nothing. */
export function accountFor(
  json: ForeignRecord,
  index: Pick<ExportIndex, 'messages' | 'escalations' | 'reporting'>,
  made: ReadonlyMap<string, Interaction>,
): void {
  const { reporting } = index;
  const dropped = new Set(reporting.report.ignored.map(({ path }) => path));
  const accounting = { reporting, dropped };
  account(accounting, { value: json, path: '', members: exportMembers });
  accountForStrays(accounting, json);
  accountForIntegrations(accounting, json, index);
  for (const { id, record, path } of index.messages.values()) {
    if (dropped.has(path) && !made.has(id)) continue;
    account(accounting, { value: record, path, members: interactionMembers });
    const interaction = made.get(id);
    if (interaction) accountForKind(accounting, { record, path, interaction });
  }
}

/** Among the interactions: what is none was passed over by their reader. */
function accountForStrays(accounting: Accounting, json: ForeignRecord): void {
  const given = valueAt(json, 'conversationMessage');
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  for (const [at, value] of list.entries())
    if (!isRecord(value))
      account(accounting, { value, path: pointer('/conversationMessage', at), members: interactionMembers });
}

function accountForIntegrations(
  accounting: Accounting,
  json: ForeignRecord,
  { escalations }: Pick<ExportIndex, 'escalations'>,
): void {
  const handing = new Set([...escalations.values()].map(({ path }) => path));
  const given = valueAt(json, 'responder');
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  for (const [at, value] of list.entries()) {
    const path = pointer('/responder', at);
    account(accounting, { value, path, members: handing.has(path) ? escalationMembers : integrationMembers });
  }
}

interface Accounting {
  reporting: Reporting;
  /** Places already reported as ignored: what is inside them needs no word of its own. */
  dropped: ReadonlySet<string>;
}

/** Objects and lists of objects. The bounds of an export keep the depth small. */
function account(accounting: Accounting, at: { value: unknown; path: string; members: Members }): void {
  const { value, path, members } = at;
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) account(accounting, { value: one, path: pointer(path, i), members });
    return;
  }
  if (accounting.dropped.has(path)) return;
  if (!isRecord(value)) {
    accounting.reporting.ignored(path, 'This is not an object, as it is in other exports: it was left out.');
    return;
  }
  for (const [name, inner] of Object.entries(value)) accountForMember(accounting, { ...at, name, inner });
}

function accountForMember(
  accounting: Accounting,
  at: { path: string; members: Members; name: string; inner: unknown },
): void {
  const { members, name, inner } = at;
  const path = pointer(at.path, name);
  if (members.lists?.includes(name) && isNoList(inner)) {
    accounting.reporting.ignored(path, 'This is not a list, as it is in other exports: it was left out.');
    return;
  }
  if (isEmpty(inner) || accounting.dropped.has(path) || members.dropped?.includes(name)) return;
  const setting = own(members.settings, name);
  if (setting) {
    if (!setting.like.includes(inner)) accounting.reporting.ignored(path, setting.why);
  } else if (!members.read.includes(name)) {
    accounting.reporting.ignored(path, `"${name.slice(0, 100)}" is not known here: nothing was made of it.`);
  } else {
    const deeper = own(members.inner, name);
    if (deeper) account(accounting, { value: inner, path, members: deeper });
    else if (!members.lists?.includes(name) && !members.any?.includes(name))
      accountForTexts(accounting, { value: inner, path, several: members.texts?.includes(name) ?? false });
  }
}

/** A text, or a list of texts: what else stands there could not be read. */
function accountForTexts(
  { reporting }: Accounting,
  { value, path, several }: { value: unknown; path: string; several: boolean },
): void {
  const why = 'This is not a text, as it is in other exports: it was left out.';
  if (several && Array.isArray(value)) {
    for (const [at, one] of value.entries()) if (!isScalar(one)) reporting.missed('ignored', pointer(path, at), why);
  } else if (!isScalar(value)) reporting.missed('ignored', path, why);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Members that only some kinds of interactions have a use for. */
const uses: Record<string, (interaction: Interaction) => boolean> = {
  pattern: ({ type }) => type === 'starter',
  excludeKeywords: ({ type }) => type === 'starter',
  intentId: ({ type }) => type === 'starter',
  quickReplies: ({ type }) => type === 'quick_reply',
  processUserResponse: (interaction) => 'process_user_response' in interaction,
  fallbackResponse: (interaction) => 'fallback_response' in interaction,
  fallbackMessage: (interaction) => 'fallback_response' in interaction,
};

function accountForKind(
  accounting: Accounting,
  { record, path, interaction }: { record: ForeignRecord; path: string; interaction: Interaction },
): void {
  const { reporting } = accounting;
  for (const [name, isUsed] of Object.entries(uses)) {
    if (!isEmpty(valueAt(record, name)) && !isUsed(interaction))
      reporting.ignored(pointer(path, name), `An interaction of the type ${interaction.type} has no use for it.`);
  }
  // It was kept whole.
  if (interaction.type === 'opaque') return;
  const content = { value: recordAt(record, 'content') ?? {}, path: pointer(path, 'content') };
  const members = own(contentMembers, interaction.type);
  const isGuess = !members || lacksOwnShape(record, interaction);
  if (isGuess) accountForValues(reporting, { ...content, interaction });
  else account(accounting, { ...content, members });
  if (interaction.type !== 'structured') accountForTiles(reporting, content);
}

/** A text made of a link's parts, or a transfer made of something else, does not have the members of its kind. */
function lacksOwnShape(record: ForeignRecord, { type }: Interaction): boolean {
  const given = valueAt(record, 'interactionType');
  return (
    (type === 'text' && given !== 'TEXT' && given !== 'DIALOG_STARTER') ||
    (type === 'transfer' && given !== 'ESCALATION')
  );
}

/** Only a structured question has several tiles. */
function accountForTiles(reporting: Reporting, content: { value: ForeignRecord; path: string }): void {
  const tiles = recordsAt(recordAt(recordAt(content.value, 'results'), 'tile'), 'tileData');
  if (tiles.length > 1)
    reporting.ignored(
      pointer(content.path, 'results', 'tile', 'tileData'),
      `Of ${tiles.length} tiles only the first was read.`,
    );
}

const framing = new Set(['contentType', 'type', 'responderName', 'responderId']);

/** Where the members were guessed: each text or number that is not found again in what was made. */
function accountForValues(
  reporting: Reporting,
  { value, path, interaction }: { value: unknown; path: string; interaction: Interaction },
): void {
  const found = new Set(
    leavesOf(interaction).flatMap((leaf) => [asWritten(leaf.value), ...String(leaf.value).split('\n').map(asWritten)]),
  );
  for (const leaf of leavesOf(value, path)) {
    if (leaf.value !== false && !found.has(asWritten(leaf.value)))
      reporting.ignored(
        leaf.path,
        `Nothing was made of this: an interaction of the type ${interaction.type} has no place for it.`,
      );
  }
}

/** Texts, numbers and switches inside, without those that only frame them. */
function leavesOf(value: unknown, path = ''): { value: unknown; path: string }[] {
  const leaves: { value: unknown; path: string }[] = [];
  const open = [{ value, path, name: '' }];
  for (let one = open.pop(); one; one = open.pop()) {
    if (isEmpty(one.value) || (framing.has(one.name) && path !== '')) continue;
    if (typeof one.value !== 'object' || one.value === null) leaves.push(one);
    else
      for (const [name, inner] of Object.entries(one.value))
        open.push({ value: inner, path: pointer(one.path, name), name });
  }
  return leaves;
}

/** Without the dot of a file's ending, and the case. */
function asWritten(value: unknown): string {
  return String(value).trim().replace(/^\./, '').toLowerCase();
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isNoList(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !Array.isArray(value);
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
