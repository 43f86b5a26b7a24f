/** Structured content as plain parts: what a consumer reads, taps and follows. Takes any JSON; what is no element is passed over. */
import { childrenOf } from './elements.ts';
import { isObject } from '../../world/json.ts';
import { actionsOf, addressOf, type Element, pairsOf, textAt } from './members.ts';

/** Deeper content was refused before; this bounds what was not checked. */
const deepest = 30;

/** Every element, outer ones first, in the order they are shown. */
export function contentElements(content: unknown, depth = 0): Element[] {
  if (!isObject(content) || depth > deepest) return [];
  return [content, ...childrenOf(content).flatMap((child) => contentElements(child, depth + 1))];
}

const shown = ['text', 'title', 'subtitle', 'caption'] as const;
const tappable = new Set(['button', 'submitButton']);

/** The texts, titles, subtitles, captions and image addresses, one to a line. */
export function contentText(content: unknown): string {
  return contentElements(content)
    .flatMap((element) => [...textsOf(element), ...(element['type'] === 'image' ? textAt(element, 'url') : [])])
    .join('\n');
}

function textsOf(element: Element): string[] {
  if (element['type'] === 'keyValuePairList') return pairsOf(element);
  const answers = element['type'] === 'template' && Array.isArray(element['resp']) ? element['resp'] : [];
  return [...shown.flatMap((name) => textAt(element, name)), ...answers.filter((one) => typeof one === 'string')];
}

/** A button: what stands on it, what a tap says for the consumer, and where it leads. */
export interface ContentButton {
  label: string;
  /** What it says, by its first `publishText`. */
  says?: string;
  /** Where its first `link` leads. */
  leads_to?: string;
  /** Of its click: what is posted with what it says. */
  metadata?: Record<string, unknown>[];
}

/** The buttons in the order they are shown, cards one after the other; quick replies are buttons too. */
export function contentButtons(content: unknown): ContentButton[] {
  return contentElements(content).flatMap((element): ContentButton[] => {
    if (element['type'] === 'template' && Array.isArray(element['resp']))
      return element['resp'].filter((one) => typeof one === 'string').map((one) => ({ label: one.trim(), says: one }));
    if (!tappable.has(String(element['type']))) return [];
    const [label = ''] = textAt(element, 'title');
    const [says] = actionsOf(element, 'publishText').flatMap((action) => textAt(action, 'text'));
    const [leads_to] = actionsOf(element, 'link').flatMap(addressOf);
    const metadata = metadataOf(element);
    return [
      {
        label: label.trim(),
        ...(says !== undefined && { says }),
        ...(leads_to !== undefined && { leads_to }),
        ...(metadata.length > 0 && { metadata }),
      },
    ];
  });
}

function metadataOf({ click }: Element): Record<string, unknown>[] {
  return isObject(click) && Array.isArray(click['metadata']) ? click['metadata'].filter(isObject) : [];
}

/** Where the link buttons lead, in order. */
export function contentLinks(content: unknown): string[] {
  return contentElements(content)
    .filter(({ type }) => tappable.has(String(type)))
    .flatMap((element) => actionsOf(element, 'link').flatMap(addressOf));
}

/** `title`, `subtitle`, `image` where there are any, and the labels of `buttons`. */
export type ContentCard = { [member: string]: string | string[] };

/** One entry for each card of a carousel or of tabs, else one for the whole. Title and subtitle are a card's first two texts. */
export function contentCards(content: unknown): ContentCard[] {
  if (!isObject(content)) return [];
  const cards = ['carousel', 'tabs', 'carouselSelect'].includes(String(content['type']))
    ? childrenOf(content)
    : [content];
  return cards.map(cardOf);
}

function cardOf(card: unknown): ContentCard {
  const inside = contentElements(card);
  const [title, subtitle] = inside.filter(({ type }) => type === 'text').flatMap((element) => textAt(element, 'text'));
  const [image] = inside.filter(({ type }) => type === 'image').flatMap((element) => textAt(element, 'url'));
  return {
    ...(title !== undefined && { title }),
    ...(subtitle !== undefined && { subtitle }),
    ...(image !== undefined && { image }),
    buttons: contentButtons(card).map(({ label }) => label),
  };
}
