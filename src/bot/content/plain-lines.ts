/**
 * Structured content for a channel that shows text alone: whatever a person reads, follows or chooses, line by line.
 * Takes any JSON; what is no element is passed over.
 */
import { isObject } from '../../world/json.ts';
import { childrenOf } from './elements.ts';
import { contentCards } from './flatten.ts';
import { mapAddress } from './map-address.ts';
import { actionsOf, addressOf, type Element, objectsAt, pairsOf, textAt } from './members.ts';
import { choicesIn, isOnlySender, type PlainChoice, type PlainLine } from './plain-choices.ts';
import { slotChoices } from './slot-choices.ts';

/** What is told of it in the consumer's language. */
export interface PlainWords {
  /** BCP 47. */
  locale: string;
  picture: string;
  /** How the date, the dates, one member or several of a list are answered. */
  type_date: string;
  type_dates: string;
  choose_one: string;
  choose_several: string;
}

interface Place {
  words: PlainWords;
  /** The title of the card around. */
  card: string;
  /** The list to tick off around. */
  list: string;
}

/** Deeper content was refused before; this bounds what was not checked. */
const deepest = 30;

/** `contents`: the parts of one message, such as a body and its quick replies. */
export function plainLines(contents: readonly unknown[], words: PlainWords): PlainLine[] {
  let lists = 0;
  const lines = contents.flatMap((content) => linesOf(content, { words, card: '', list: '' }, 0));
  return withHints(lines, words);

  function linesOf(element: unknown, place: Place, depth: number): PlainLine[] {
    if (!isObject(element) || depth > deepest) return [];
    if (element['type'] === 'list') lists += 1;
    const inside = element['type'] === 'list' ? { ...place, list: `list ${lists}` } : placeIn(element, place);
    const own = ownLines(element, place);
    const selection = setOf(element);
    const children = childrenOf(element).flatMap((child, at) => {
      const lines = linesOf(child, inside, depth + 1);
      return selection === undefined ? [...tabLine(child, element), ...lines] : chosen(child, lines, { element, at });
    });
    return [...own, ...children];
  }
}

/** How a set is answered stands with what sends it; of a set that nothing sends, nothing can be chosen. */
function withHints(lines: readonly PlainLine[], words: PlainWords): PlainLine[] {
  const choices = choicesIn(lines);
  const members = choices.filter(({ member }) => member);
  const isSent = (set: string) => choices.some(({ sends }) => sends === set);
  return lines.map((line) => {
    const { choice, text } = line;
    if (!choice || (choice.member && !isSent(choice.member.set))) return { text };
    const of = members.find(({ member }) => member?.set === choice.sends);
    if (!of?.member || !isOnlySender(choice, choices)) return line;
    return { text: `${text}: ${of.member.single ? words.choose_one : words.choose_several}`, choice };
  });
}

function placeIn(element: Element, place: Place): Place {
  if (element['type'] !== 'vertical' && element['type'] !== 'horizontal') return place;
  return { ...place, card: titleOf(element) ?? place.card };
}

function titleOf(element: unknown): string | undefined {
  const title = contentCards(element)[0]?.['title'];
  return typeof title === 'string' ? title.trim() : undefined;
}

function tabLine(child: unknown, { type }: Element): PlainLine[] {
  return type === 'tabs' && isObject(child) ? textAt(child, 'tag').map((text) => ({ text })) : [];
}

/** The name of the set whose members the elements inside are. */
function setOf({ type, selectMode }: Element): string | undefined {
  if (type !== 'carouselSelect' && type !== 'accordionSelect') return undefined;
  return isObject(selectMode) ? `select ${textAt(selectMode, 'name').join('')}` : undefined;
}

/** A card to choose: a line with its title, or the title of its fold, then the rest of it. */
function chosen(card: unknown, lines: PlainLine[], { element, at }: { element: Element; at: number }): PlainLine[] {
  const title = titleOf(card);
  const fold = objectsAt(element, 'titles')[at];
  const label = (fold && textAt(fold, 'name')[0]?.trim()) ?? title ?? String(at + 1);
  const single = isObject(element['selectMode']) && element['selectMode']['type'] === 'single';
  const choice: PlainChoice = {
    label,
    card: '',
    says: undefined,
    metadata: isObject(card) ? objectsAt(card, 'metadata') : [],
    member: { set: setOf(element) ?? '', single },
  };
  const first = lines.findIndex(({ text }) => text.trim() === title);
  const rest = fold || first === -1 ? lines : lines.toSpliced(first, 1);
  return [{ text: [label, ...(fold ? textAt(fold, 'additional') : [])].join(' – '), choice }, ...rest];
}

function ownLines(element: Element, place: Place): PlainLine[] {
  switch (element['type']) {
    case 'button':
    case 'submitButton':
      return buttonLines(element, place);
    case 'checkbox':
      return textAt(element, 'text').map((text) => ({ text, choice: boxChoice(element, text, place) }));
    case 'template':
      return [...textAt(element, 'title').map((text) => ({ text })), ...answersOf(element, place)];
    case 'keyValuePairList':
      return pairsOf(element).map((text) => ({ text }));
    case 'image':
      return imageLines(element, place);
    case 'map':
      return tappedLine(spokenFor(element), { element, place, addresses: placesOf(element) });
    case 'linkPreview':
      return tappedLine(textAt(element, 'title')[0], { element, place, addresses: textAt(element, 'url') });
    default: {
      const links = actionsOf(element, 'link').flatMap(addressOf);
      return [...['text', 'title', 'subtitle'].flatMap((name) => textAt(element, name)), ...links].map((text) => ({
        text,
      }));
    }
  }
}

function boxChoice(box: Element, text: string, { card, list }: Place): PlainChoice {
  const says = [...actionsOf(box, 'checked'), ...actionsOf(box, 'publishText')].flatMap((action) => [
    ...textAt(action, 'publishText'),
    ...textAt(action, 'text'),
  ]);
  return {
    label: text.trim(),
    card,
    says: says[0] ?? text,
    metadata: metadataOf(box),
    member: { set: list, single: false },
  };
}

function answersOf({ resp }: Element, { card }: Place): PlainLine[] {
  const answers = Array.isArray(resp) ? resp.filter((one) => typeof one === 'string') : [];
  return answers.map((text) => ({ text, choice: { label: text.trim(), card, says: text, metadata: [] } }));
}

/** Its words, then where it is; the caption has a line of its own. */
function imageLines(image: Element, place: Place): PlainLine[] {
  const captions = textAt(image, 'caption');
  const spoken = spokenFor({ ...image, tooltip: undefined });
  const words = captions.includes(spoken ?? '') ? undefined : spoken;
  const addresses = [...textAt(image, 'url'), ...actionsOf(image, 'link').flatMap(addressOf)];
  const label = saysOf(image) === undefined ? words : (words ?? captions[0] ?? place.words.picture);
  return [...captions.map((text) => ({ text })), ...tappedLine(label, { element: image, place, addresses })];
}

/** `label: address address`, to be chosen where a tap says something. */
function tappedLine(
  label: string | undefined,
  { element, place, addresses }: { element: Element; place: Place; addresses: string[] },
): PlainLine[] {
  const says = saysOf(element);
  const text = [...(label === undefined ? [] : [label.trim()]), ...(addresses.length > 0 ? [addresses.join(' ')] : [])];
  if (text.length === 0) return [];
  const choice = { label: label?.trim() ?? '', card: place.card, says, metadata: metadataOf(element) };
  return [{ text: text.join(': '), ...(says !== undefined && label !== undefined && { choice }) }];
}

function buttonLines(button: Element, place: Place): PlainLine[] {
  const [title] = textAt(button, 'title');
  if (title === undefined) return [];
  const text = [title.trim(), ...textAt(button, 'subtitle')].join(' – ');
  const label = title.trim();
  const sends = sentBy(button, place);
  const choice = { label, card: place.card, says: saysOf(button), metadata: metadataOf(button) };
  if (sends !== undefined) return [{ text, choice: { ...choice, sends } }];
  const addresses = [
    ...actionsOf(button, 'link').flatMap(addressOf),
    ...actionsOf(button, 'navigate').flatMap(placesOf),
  ];
  const [date] = actionsOf(button, 'datePicker');
  const [slots] = actionsOf(button, 'scheduleSlotList');
  const hint = place.words[date?.['class'] === 'range' ? 'type_dates' : 'type_date'];
  const more = [...addresses, ...(date ? [hint] : [])].join(' ');
  const line = more === '' ? text : `${text}: ${more}`;
  const listed = slots ? slotChoices(slots, { card: place.card, metadata: choice.metadata }, place.words.locale) : [];
  return [{ text: line, ...(choice.says !== undefined && { choice }) }, ...listed];
}

/** The set that a button sends: the list around a submit button, or the one that a button refers to. */
function sentBy({ type, ref }: Element, { list }: Place): string | undefined {
  if (type === 'submitButton') return list;
  const [name] = isObject(ref) ? textAt(ref, 'name') : [];
  return name === undefined ? undefined : `select ${name}`;
}

function saysOf(element: Element): string | undefined {
  return actionsOf(element, 'publishText').flatMap((action) => textAt(action, 'text'))[0];
}

function metadataOf({ click }: Element): unknown[] {
  return isObject(click) ? objectsAt(click, 'metadata') : [];
}

function placesOf(element: Element): string[] {
  const { la, lo } = element;
  const own = typeof la === 'number' && typeof lo === 'number' ? [mapAddress(la, lo)] : [];
  return element['type'] === 'map' ? [...own, ...actionsOf(element, 'link').flatMap(addressOf)] : own;
}

/** What stands for the element where it is not seen. */
function spokenFor(element: Element): string | undefined {
  const { accessibility } = element;
  const web =
    isObject(accessibility) && isObject(accessibility['web']) ? textAt(accessibility['web'], 'aria-label') : [];
  return [...web, ...textAt(element, 'alt'), ...textAt(element, 'tooltip')][0];
}
