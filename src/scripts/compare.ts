import type { ExpectedMessage, HappenedEvent } from '../api/conversation-script.ts';
import type { SeenMessage } from '../runtime/seen.ts';

/** Whether everything that the script says of a message holds. */
export function isAsExpected(expected: ExpectedMessage, seen: SeenMessage): boolean {
  const { text, contains = [], buttons, links, cards, rich } = expected;
  if (text !== undefined && text !== (seen.text ?? seen.flat)) return false;
  if (![contains].flat().every((part) => seen.flat.includes(part))) return false;
  if (
    buttons !== undefined &&
    !isSame(
      buttons.map((label) => label.trim()),
      seen.buttons,
    )
  )
    return false;
  if (links !== undefined && !isSame(links, seen.links)) return false;
  if (cards !== undefined && !areCards(cards, seen.cards)) return false;
  return rich === undefined || isSame(rich, seen.rich);
}

/** The same messages in the same order, and no more. */
export function areAsExpected(expected: readonly ExpectedMessage[], seen: readonly SeenMessage[]): boolean {
  return expected.length === seen.length && expected.every((one, at) => isMatching(one, seen[at]));
}

function isMatching(expected: ExpectedMessage, seen: SeenMessage | undefined): boolean {
  return seen !== undefined && isAsExpected(expected, seen);
}

function areCards(expected: readonly object[], seen: readonly object[]): boolean {
  if (expected.length !== seen.length) return false;
  return expected.every((card, at) =>
    Object.entries(card).every(([key, value]) => isSame(value, Reflect.get(seen[at] ?? {}, key))),
  );
}

/** Each expected event has happened, in this order; others may stand between them. What goes with a name may be left out from the end. */
export function haveHappened(expected: readonly HappenedEvent[], happened: readonly HappenedEvent[]): boolean {
  let from = 0;
  return expected.every((event) => {
    const at = happened.findIndex((one, index) => index >= from && isSameEvent(event, one));
    from = at + 1;
    return at >= 0;
  });
}

/** Ids and values are compared as text: a skill is `123` in one place and `"123"` in another. */
function isSameEvent(expected: HappenedEvent, happened: HappenedEvent): boolean {
  return expected.length <= happened.length && expected.every((part, at) => isSamePart(part, happened[at]));
}

function isSamePart(one: unknown, other: unknown): boolean {
  const isPlain = typeof one !== 'object' && typeof other !== 'object';
  return isPlain ? String(one) === String(other) : isSame(one, other);
}

/** The same JSON, whatever the order of members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key)));
}
