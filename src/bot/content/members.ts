/** Members of elements that were perhaps never checked: what has another shape than expected is as if it were not there. */
import { isObject } from '../../world/json.ts';

export type Element = Readonly<Record<string, unknown>>;

/** The text of that name; none when it is empty. */
export function textAt(of: Element, name: string): string[] {
  const value = of[name];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

export function objectsAt(of: Element, name: string): Element[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Of a click, those of one type, in order. */
export function actionsOf({ click }: Element, type: string): Element[] {
  return isObject(click) ? objectsAt(click, 'actions').filter((action) => action['type'] === type) : [];
}

/** Where a link leads: on the web its `web.uri` goes before its `uri`. */
export function addressOf(action: Element): string[] {
  const web = isObject(action['web']) ? textAt(action['web'], 'uri') : [];
  return web.length > 0 ? web : textAt(action, 'uri');
}

/** The lines of a list of pairs. */
export function pairsOf(list: Element): string[] {
  return objectsAt(list, 'elements').map((pair) => [...textAt(pair, 'key'), ...textAt(pair, 'value')].join(': '));
}
