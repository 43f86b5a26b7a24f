import { fillTarget, fillText, type LinkFor, maskHandles } from '../delegation/handles.ts';
import { isObject, type Json } from '../world/json.ts';

type Fill = (value: Json, linkFor: LinkFor) => Json;

/**
 * An event of the bot's or of the platform's with its sign-in links: in the words that people read, and as the whole of
 * what a tap opens. Anywhere else, as in what a tap says or a page fetches by itself, there is only `•••`.
 */
export function fillEvent(event: { [key: string]: Json }, linkFor: LinkFor): { [key: string]: Json } {
  return fillMembers(event, inEvent, linkFor);
}

const masked: Fill = (value) => {
  if (typeof value === 'string') return maskHandles(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, nothing));
  return isObject(value) ? fillMembers(value, {}, nothing) : value;
};
const nothing: LinkFor = () => '';

const words: Fill = (value, linkFor) => (typeof value === 'string' ? fillText(value, linkFor) : masked(value, linkFor));
const target: Fill = (value, linkFor) =>
  typeof value === 'string' ? fillTarget(value, linkFor) : masked(value, linkFor);

const list =
  (fill: Fill): Fill =>
  (value, linkFor) =>
    Array.isArray(value) ? value.map((one) => fill(one, linkFor)) : masked(value, linkFor);

const object =
  (fills: Fills): Fill =>
  (value, linkFor) =>
    isObject(value) ? fillMembers(value, fills, linkFor) : masked(value, linkFor);

type Fills = Readonly<Record<string, Fill>>;

function fillMembers(value: { [key: string]: Json }, fills: Fills, linkFor: LinkFor): { [key: string]: Json } {
  const fillOf = (name: string): Fill => (Object.hasOwn(fills, name) ? fills[name] : undefined) ?? masked;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [maskHandles(name), fillOf(name)(inner, linkFor)]),
  );
}

const opens = object({ uri: target });
const link = object({ uri: target, web: opens, ios: opens, android: opens });
const action: Fill = (value, linkFor) =>
  isObject(value) && value['type'] === 'link' ? link(value, linkFor) : masked(value, linkFor);

const click = object({ actions: list(action) });

/** An element of structured content, and the elements inside. */
const element: Fill = (value, linkFor) => inElement(value, linkFor);
const inElement = object({
  text: words,
  title: words,
  subtitle: words,
  caption: words,
  tooltip: words,
  alt: words,
  // Of a list of pairs.
  key: words,
  value: words,
  titles: list(object({ name: words, additional: words })),
  elements: list(element),
  replies: list(element),
  click,
});

const inEvent: Fills = {
  text: words,
  buttons: list(object({ label: words, url: target })),
  quick_replies: list(object({ title: words, tooltip: words, click })),
  content: element,
  // Of a sign-in.
  url: target,
};
