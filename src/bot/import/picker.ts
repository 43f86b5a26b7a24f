/** Pickers of Apple Messages for Business. No export with one is known: their members are found by plausible names. */
import type { Interaction } from '../document.ts';
import { type ForeignRecord, isRecord, numberAt, recordAt, valueAt } from './record.ts';
import type { Reporting } from './report.ts';
import { firstText, holderOf, opaque, type Source } from './source.ts';

type ListPicker = Extract<Interaction, { type: 'list_picker' }>;
type TimePicker = Extract<Interaction, { type: 'time_picker' }>;

interface Place {
  path: string;
  reporting: Reporting;
}

const itemLists = ['items', 'listItems', 'listPickerItems'];
const sectionLists = ['sections', 'listPickerSections'];

export function listPicker(source: Source): Interaction {
  const { common, question, tile, tilePath, index } = source;
  const place = { path: tilePath, reporting: index.reporting };
  const found = holderOf(tile, sectionLists);
  const sections = (found?.list ?? [tile]).filter(isRecord).flatMap((section) => sectionOf(section, place) ?? []);
  if (sections.length === 0) return opaque(source, 'No items were found in it.');
  if (sections.length > 20) index.reporting.ignored(tilePath, `Of ${sections.length} sections the first 20 were kept.`);
  const multiple = [found?.holder, tile, ...(found?.list ?? [])].some(allowsSeveral);
  return {
    ...common,
    ...question,
    type: 'list_picker',
    text: textOf(source, found?.holder),
    sections: sections.slice(0, 20),
    ...(multiple && { multiple }),
  };
}

function sectionOf(section: ForeignRecord, place: Place): ListPicker['sections'][number] | undefined {
  const items = (holderOf(section, itemLists)?.list ?? [])
    .filter(isRecord)
    .flatMap((item) => itemOf(item, place) ?? []);
  if (items.length === 0) return undefined;
  if (items.length > 50) place.reporting.ignored(place.path, `Of ${items.length} items the first 50 were kept.`);
  const title = firstText(section, 'title', 'sectionTitle');
  return {
    ...(title && { title: place.reporting.fit(title, 255, place.path) }),
    items: items.slice(0, 50),
  };
}

function itemOf(item: ForeignRecord, { path, reporting }: Place): ListPicker['sections'][number]['items'] {
  const id = firstText(item, 'identifier', 'id');
  const title = firstText(item, 'title', 'name');
  const subtitle = firstText(item, 'subTitle', 'subtitle');
  const image = firstText(item, 'image', 'imageUrl', 'imageURL');
  if (!title) {
    reporting.ignored(path, 'An item without a title was left out.');
    return [];
  }
  return [
    {
      ...(id && { id: reporting.fit(id, 200, path) }),
      title: reporting.fit(title, 255, path),
      ...(subtitle && { subtitle: reporting.fit(subtitle, 400, path) }),
      ...(image && { image: reporting.fit(image, 20_000, path) }),
    },
  ];
}

function allowsSeveral(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return ['multipleSelection', 'enableMultipleSelection', 'multiSelect'].some((key) => {
    const given = valueAt(value, key);
    return given === true || given === 'true';
  });
}

export function timePicker(source: Source): Interaction {
  const { common, question, tile, tilePath, index } = source;
  const found = holderOf(tile, ['timeslots', 'timeSlots', 'slots']) ?? holderOf(recordAt(tile, 'event'), ['timeslots']);
  const place = { path: tilePath, reporting: index.reporting };
  const slots = (found?.list ?? []).filter(isRecord).flatMap((slot) => slotOf(slot, place));
  if (slots.length === 0) return opaque(source, 'No time slots were found in it.');
  if (slots.length > 50) index.reporting.ignored(tilePath, `Of ${slots.length} time slots the first 50 were kept.`);
  const event = recordAt(found?.holder, 'event') ?? recordAt(tile, 'event') ?? found?.holder;
  const title = firstText(event, 'title', 'eventTitle');
  const where = recordAt(event, 'location') ?? recordAt(found?.holder, 'location');
  const location = firstText(where, 'title', 'name');
  const offset = numberAt(event, 'timezoneOffset') ?? numberAt(found?.holder, 'timezoneOffset');
  return {
    ...common,
    ...question,
    type: 'time_picker',
    text: textOf(source, found?.holder),
    ...(title && { title: index.reporting.fit(title, 255, tilePath) }),
    ...(location && { location: index.reporting.fit(location, 255, tilePath) }),
    ...(offset !== undefined && Math.abs(offset) <= 840 && { offset_minutes: Math.round(offset) }),
    slots: slots.slice(0, 50),
  };
}

function slotOf(slot: ForeignRecord, { path, reporting }: Place): TimePicker['slots'] {
  const id = firstText(slot, 'identifier', 'id');
  const start = firstText(slot, 'startTime', 'start', 'startDateTime');
  const minutes = Math.round(numberAt(slot, 'duration') ?? 0);
  if (!start) {
    reporting.ignored(path, 'A time slot without a start was left out.');
    return [];
  }
  return [
    {
      ...(id && { id: reporting.fit(id, 200, path) }),
      start: reporting.fit(start, 2_000, path),
      ...(minutes >= 1 && minutes <= 10_080 && { duration_minutes: minutes }),
    },
  ];
}

/** What is said above the list: the tile's text, or the title of the message that shows it. */
function textOf({ text, tile, path, index }: Source, holder: ForeignRecord | undefined): string {
  if (text !== '') return text;
  const messages = [recordAt(holder, 'receivedMessage'), recordAt(tile, 'receivedMessage'), tile, holder];
  const found = messages.flatMap((one) => firstText(one, 'title', 'subTitle', 'subtitle') ?? [])[0];
  return index.reporting.fit(found ?? '', 20_000, path);
}
