/** Structured content from the wire: what has the wrong shape, is unsafe or too much is left out, never trusted. */
import { isColour } from '../../../src/bot/content/colour.ts';
import { safeLink } from '../../link.ts';
import { isRecord, listOf, numberOf, textOf } from '../../shape.ts';
import { parseClick, parseMetadata } from './action.ts';
import type { Border, Common, Display, Element, ElementType, Own } from './element.ts';
import { parseLook } from './look.ts';

/** As many and as deep as a bot may send them; more is left out. */
const mostElements = 500;
const deepest = 24;

type Fields = Record<string, unknown>;
type Inside = (value: unknown) => Element[];

/** Undefined: nothing in it can be shown. */
export function parseContent(value: unknown): Element | undefined {
  let count = 0;
  return one(value, 0);

  function one(value: unknown, depth: number): Element | undefined {
    count += 1;
    if (!isRecord(value) || depth > deepest || count > mostElements) return undefined;
    const inside: Inside = (list) => listOf(list, (member) => one(member, depth + 1));
    return element(value, inside);
  }
}

function element(fields: Fields, inside: Inside): Element | undefined {
  const type = textOf(fields['type']) ?? '';
  const read = Object.hasOwn(readers, type) ? readers[type] : unknown;
  return read?.(commonOf(fields), fields, inside);
}

type Reader = (common: Common, fields: Fields, inside: Inside) => Element | undefined;

/** Joins what all elements have with the type's own; nothing where the type's own could not be read. */
function reader<T extends ElementType>(
  type: T,
  own: (fields: Fields, inside: Inside) => Own<T> | undefined,
): (common: Common, fields: Fields, inside: Inside) => ({ type: T } & Common & Own<T>) | undefined {
  return (common, fields, inside) => {
    const parts = own(fields, inside);
    return parts && { ...common, ...parts, type };
  };
}

const group = reader('group', ({ elements }, inside) => ({ elements: inside(elements) }));

const readers: Record<string, Reader> = {
  text: reader('text', ({ text }) => withText(text, (text) => ({ text }))),
  button: reader('button', ({ title, subtitle, class: look, ref }) =>
    withText(title, (title) => ({
      title,
      subtitle: textOf(subtitle) ?? '',
      framed: look === 'button',
      ref: isRecord(ref) ? textOf(ref['name']) : undefined,
    })),
  ),
  image: reader('image', ({ url, caption }) => ({ url: webAddress(url), caption: textOf(caption) ?? '' })),
  map: reader('map', ({ la, lo }) => {
    const [latitude, longitude] = [numberOf(la), numberOf(lo)];
    return latitude === undefined || longitude === undefined ? undefined : { la: latitude, lo: longitude };
  }),
  linkPreview: reader('linkPreview', ({ url, title }) => {
    const link = safeLink(textOf(url));
    return link && { link, title: textOf(title) ?? '' };
  }),
  template: reader('template', ({ title, resp }) =>
    withText(title, (title) => ({ title, answers: listOf(resp, textOf) })),
  ),
  keyValuePairList: reader('keyValuePairList', ({ elements }) => ({ pairs: listOf(elements, pair) })),
  vertical: reader('vertical', ({ elements, border, scroll, display }, inside) => ({
    elements: inside(elements),
    border: borderOf(border),
    scroll: scroll === 'enable',
    display: displayOf(display),
  })),
  horizontal: reader('horizontal', ({ elements, border, borderLine, percentages }, inside) => ({
    elements: inside(elements),
    border: borderOf(border),
    borderLine: borderLine !== false,
    percentages: listOf(percentages, numberOf).map((share) => Math.min(Math.max(share, 0), 100)),
  })),
  carousel: reader('carousel', ({ elements, padding, display }, inside) => ({
    elements: inside(elements),
    padding: paddingOf(padding),
    display: displayOf(display),
  })),
  carouselSelect: reader('carouselSelect', ({ elements, padding, selectMode }, inside) => ({
    elements: inside(elements),
    padding: paddingOf(padding),
    name: nameOf(selectMode),
    multiple: isRecord(selectMode) && selectMode['type'] === 'multiple',
  })),
  accordionSelect: reader('accordionSelect', ({ elements, titles, selectMode }, inside) => ({
    elements: inside(elements),
    titles: listOf(titles, accordionTitle),
    name: nameOf(selectMode),
  })),
  tabs: reader('tabs', ({ elements }, inside) => ({ elements: inside(elements) })),
  list: reader('list', ({ elements }, inside) => ({ elements: inside(elements) })),
  sectionList: group,
  section: group,
  checklist: group,
  buttonList: group,
  checkbox: reader('checkbox', ({ text, borderLine, borderColor }) =>
    withText(text, (text) => ({
      text,
      borderLine: borderLine !== false,
      borderColor: isColour(borderColor) ? borderColor : undefined,
    })),
  ),
  submitButton: reader('submitButton', ({ title, disabled }) =>
    withText(title, (title) => ({ title, disabled: disabled === true })),
  ),
  quickReplies: reader('quickReplies', ({ replies, itemsPerRow }, inside) => ({
    replies: inside(replies),
    perRow: numberOf(itemsPerRow),
  })),
};

/** An element of tomorrow: what is inside it, or its words. */
const unknown: Reader = (common, fields, inside) => {
  const elements = inside(fields['elements']);
  if (elements.length > 0) return { ...common, type: 'group', elements };
  const text = textOf(fields['text']) ?? textOf(fields['title']) ?? textOf(fields['caption']);
  return text ? { ...common, type: 'text', text } : undefined;
};

function commonOf(fields: Fields): Common {
  const tooltip = textOf(fields['tooltip']) ?? '';
  const spoken = (spokenLabel(fields['accessibility']) ?? textOf(fields['alt'])) || undefined;
  return {
    look: parseLook(fields['style']),
    click: parseClick(fields['click']),
    label: spoken ?? tooltip,
    spoken,
    tooltip,
    tag: textOf(fields['tag']) ?? '',
    rtl: fields['rtl'] === true,
    metadata: parseMetadata(fields['metadata']),
  };
}

function spokenLabel(accessibility: unknown): string | undefined {
  const web = isRecord(accessibility) ? accessibility['web'] : undefined;
  return isRecord(web) ? textOf(web['aria-label']) : undefined;
}

function withText<T>(value: unknown, make: (text: string) => T): T | undefined {
  const text = textOf(value);
  return text ? make(text) : undefined;
}

function webAddress(value: unknown): URL | undefined {
  const url = safeLink(textOf(value));
  return url && ['https:', 'http:'].includes(url.protocol) ? url : undefined;
}

function pair(value: unknown): { key: string; value: string } | undefined {
  if (!isRecord(value)) return undefined;
  return { key: textOf(value['key']) ?? '', value: textOf(value['value']) ?? '' };
}

function accordionTitle(value: unknown): { name: string; additional: string } | undefined {
  if (!isRecord(value)) return undefined;
  return { name: textOf(value['name']) ?? '', additional: textOf(value['additional']) ?? '' };
}

function nameOf(selectMode: unknown): string {
  return (isRecord(selectMode) ? textOf(selectMode['name']) : undefined) ?? '';
}

function paddingOf(value: unknown): number {
  return Math.min(Math.max(numberOf(value) ?? 0, 0), 10);
}

function borderOf(value: unknown): Border | undefined {
  return borders.find((known) => known === value);
}

function displayOf(value: unknown): Display {
  if (!isRecord(value)) return { ratio: undefined, size: undefined };
  return {
    ratio: ratios.find((known) => known === value['aspectRatio']),
    size: sizes.find((known) => known === value['size']),
  };
}

const borders = ['border', 'borderLess', 'dropShadow'] as const;
const ratios = ['rectangle', 'square', 'horizontal'] as const;
const sizes = ['cover', 'contain', 'large', 'compact', 'tall', 'full'] as const;
