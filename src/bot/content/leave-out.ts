import { isObject, type Json } from '../../world/json.ts';
import { pointer } from '../problem.ts';

type Member = { [name: string]: Json };

/**
 * The content without what stands at these pointers. An element that goes leaves its words; a button whose last action
 * goes, goes as well. Where the place of its neighbours counts, as in columns, an empty one is left. Undefined: nothing
 * remains.
 */
export function leaveOut(content: Json, places: ReadonlySet<string>): Json | undefined {
  return places.size === 0 ? content : rest(content, '');

  function rest(value: Json, path: string): Json | undefined {
    if (Array.isArray(value)) return value.flatMap((one, at) => rest(one, pointer(path, at)) ?? []);
    if (!isMember(value)) return places.has(path) ? undefined : value;
    const left = Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => member(name, inner, { value, path })),
    );
    if (places.has(path)) return shown.has(String(value['type'])) ? standIn(left) : undefined;
    return lostItsActions(value, left) ? undefined : left;
  }

  function member(name: string, inner: Json, { value, path }: { value: Member; path: string }): [string, Json][] {
    const place = pointer(path, name);
    const ordered = name === 'elements' && Array.isArray(inner) && value['type'] !== 'vertical';
    const left = ordered ? inner.map((one, at) => rest(one, pointer(place, at)) ?? nothing) : rest(inner, place);
    return left === undefined ? [] : [[name, left]];
  }
}

/** Elements whose own value may be what is wrong. */
const shown = new Set(['image', 'map', 'linkPreview']);
const nothing = { type: 'vertical', elements: [] };

/** What an element said beside what could not be shown: as a button where it could be tapped, else as a text. */
function standIn({ caption, alt, title, tooltip, click }: Member): Json | undefined {
  const words = [caption, alt, title, tooltip].find((text) => typeof text === 'string' && text.trim() !== '');
  if (typeof words !== 'string') return undefined;
  return isMember(click) && actionsOf(click) > 0
    ? { type: 'button', title: words.slice(0, 128), click }
    : { type: 'text', text: words };
}

function lostItsActions(before: Member, left: Member): boolean {
  if (before['title'] === undefined || !isMember(before['click'])) return false;
  return actionsOf(before['click']) > 0 && isMember(left['click']) && actionsOf(left['click']) === 0;
}

function actionsOf({ actions }: Member): number {
  return Array.isArray(actions) ? actions.length : 0;
}

function isMember(value: Json | undefined): value is Member {
  return isObject(value);
}
