/** Elements of structured content as the chat draws them. */
import type { Click } from './action.ts';
import type { Look } from './look.ts';

export interface Common {
  look: Look;
  click: Click;
  /** What stands in for the element, for those who do not see it. */
  label: string;
  /** The author's own words for that, beside which the element's are not read out. */
  spoken: string | undefined;
  tooltip: string;
  tag: string;
  rtl: boolean;
  /** Of a card: goes with its choice. */
  metadata: unknown[];
}

export type Border = 'border' | 'borderLess' | 'dropShadow';

/** How the pictures inside stand. */
export interface Display {
  ratio: 'rectangle' | 'square' | 'horizontal' | undefined;
  size: 'cover' | 'contain' | 'large' | 'compact' | 'tall' | 'full' | undefined;
}

interface Kinds {
  text: { text: string };
  button: { title: string; subtitle: string; framed: boolean; ref: string | undefined };
  image: { url: URL | undefined; caption: string };
  map: { la: number; lo: number };
  linkPreview: { link: URL; title: string };
  template: { title: string; answers: string[] };
  keyValuePairList: { pairs: { key: string; value: string }[] };
  vertical: { elements: Element[]; border: Border | undefined; scroll: boolean; display: Display };
  horizontal: { elements: Element[]; border: Border | undefined; borderLine: boolean; percentages: number[] };
  carousel: { elements: Element[]; padding: number; display: Display };
  carouselSelect: { elements: Element[]; padding: number; name: string; multiple: boolean };
  accordionSelect: { elements: Element[]; titles: { name: string; additional: string }[]; name: string };
  tabs: { elements: Element[] };
  list: { elements: Element[] };
  /** `sectionList`, `section`, `checklist` and `buttonList`: they only hold others together. */
  group: { elements: Element[] };
  checkbox: { text: string; borderLine: boolean; borderColor: string | undefined };
  submitButton: { title: string; disabled: boolean };
  quickReplies: { replies: Element[]; perRow: number | undefined };
}

export type ElementType = keyof Kinds;
/** What an element of that type has beside what all have. */
export type Own<T extends ElementType> = Kinds[T];
export type Of<T extends ElementType> = { type: T } & Common & Kinds[T];
export type Element = { [T in ElementType]: Of<T> }[ElementType];

/** The elements directly inside. */
export function insideOf(element: Element): Element[] {
  if (element.type === 'quickReplies') return element.replies;
  return 'elements' in element ? element.elements : [];
}

/** The element and all inside it, outer ones first. */
export function allOf(element: Element): Element[] {
  return [element, ...insideOf(element).flatMap(allOf)];
}
