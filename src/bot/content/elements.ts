/** The elements of structured content by `type`, with their members and limits (`reference`: Structured content). */
import { click, metadata } from './actions.ts';
import {
  anything,
  colour,
  core,
  element,
  extra,
  type Fields,
  flag,
  imageUrl,
  list,
  may,
  must,
  number,
  object,
  oneOf,
  type Rule,
  text,
  webLink,
} from './fields.ts';
import { isObject } from '../../world/json.ts';

const border = extra(oneOf('border', 'borderLess', 'dropShadow'));
const padding = extra(number);

/** Members that every element may have. */
export const common: Fields = {
  type: must(anything),
  tooltip: extra(text(256)),
  tag: extra(text(64)),
  tagVersion: extra(text(64)),
  alt: extra(text(2_000)),
  rtl: extra(flag),
  style: extra(anything),
  click: may(click),
  metadata: may(metadata),
  accessibility: extra(anything),
};

const display = extra(
  object({
    aspectRatio: extra(oneOf('rectangle', 'square', 'horizontal')),
    size: extra(oneOf('cover', 'contain', 'large', 'compact', 'tall', 'full')),
  }),
);
const children = must(list(element(), 0, 256));
/** A card, or an element that stands for one by itself. */
const card = element(
  'vertical',
  'horizontal',
  'text',
  'button',
  'image',
  'map',
  'linkPreview',
  'template',
  'keyValuePairList',
);

/** A quick reply may leave out that it is a button. */
const reply: Rule = (value, at) => element('button')(isObject(value) ? { type: 'button', ...value } : value, at);

export const elements: Readonly<Record<string, Fields>> = {
  text: { text: must(text(5_000)) },
  button: {
    title: must(text(128)),
    subtitle: extra(text(128)),
    class: extra(oneOf('text', 'button')),
    ref: may(object({ name: may(text(200)), type: may(oneOf('carouselSelect', 'accordionSelect')) })),
  },
  image: { url: core(imageUrl), caption: extra(text(128)) },
  map: { la: core(number), lo: core(number) },
  linkPreview: { url: core(webLink), title: extra(text(128)) },
  template: {
    templateType: must(oneOf('quickReply')),
    title: must(text(5_000)),
    resp: must(list(text(128), 1, 32)),
  },
  keyValuePairList: { elements: must(list(object({ key: must(text(128)), value: extra(text(2_048)) }), 1, 50)) },
  vertical: { elements: children, border, scroll: extra(oneOf('disable', 'enable')), display },
  horizontal: { elements: children, border, borderLine: extra(flag), percentages: extra(list(number, 0, 256)) },
  carousel: { elements: must(list(card, 2, 10)), padding, display, border },
  carouselSelect: {
    elements: must(list(element(), 1, 20)),
    selectMode: must(object({ name: must(text(200)), type: must(oneOf('single', 'multiple')) })),
    padding,
    display,
  },
  accordionSelect: {
    elements: must(list(element(), 1, 20)),
    titles: must(list(object({ name: must(text(200)), additional: extra(text(200)) }), 1, 20)),
    selectMode: must(object({ name: must(text(200)), type: may(oneOf('single', 'multiple')) })),
    padding,
    display,
  },
  tabs: { elements: must(list(card, 1, 10)) },
  list: { elements: must(list(element('text', 'sectionList', 'buttonList'), 3, 3)) },
  sectionList: { elements: must(list(element('section'), 1, 256)), padding },
  section: { sectionID: must(text(256)), elements: must(list(element('text', 'checklist'), 1, 2)), padding },
  checklist: { elements: must(list(element('checkbox'), 2, 256)), padding },
  checkbox: { text: must(text(5_000)), borderLine: extra(flag), borderColor: extra(colour), click: must(click) },
  buttonList: { elements: must(list(element('submitButton', 'button'), 1, 2)), padding },
  submitButton: { title: must(text(128)), disabled: extra(flag), click: must(click) },
  quickReplies: { itemsPerRow: extra(number), replies: must(list(reply, 1, 24)) },
};

/** The elements inside; of quick replies they stand under another name, and are buttons whether or not they say so. */
export const childrenOf = (value: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const { type, replies, elements: inner } = value;
  if (type === 'quickReplies')
    return Array.isArray(replies) ? replies.map((one) => (isObject(one) ? { type: 'button', ...one } : one)) : [];
  return Array.isArray(inner) && type !== 'keyValuePairList' ? inner : [];
};
