import type { Json } from '../world/json.ts';
import { type Lookup, namesIn } from './template.ts';

/** Repetitions at most, before what a message can show cuts them further. */
const most = 100;

/**
 * One lookup for each time that a tile, an item or a slot is shown. Texts that name list-valued fields of integrations
 * (`{Orders.city}`) are shown once for each element: the i-th time every such list gives its i-th element, and several
 * may stand in one text. Without such a list there is one; with an empty one there is none (`reference`: 1.9).
 */
export function fanOut(texts: readonly string[], lookup: Lookup): Lookup[] {
  const lists = new Map<string, Json[]>();
  for (const name of texts.flatMap(namesIn)) {
    const value = isField(name) ? lookup(name) : undefined;
    if (Array.isArray(value)) lists.set(name, value);
  }
  if (lists.size === 0) return [lookup];
  const times = Math.min(Math.max(...[...lists.values()].map(({ length }) => length)), most);
  return Array.from({ length: times }, (_, at) => (name: string) => {
    const list = lists.get(name);
    return list ? (list[at] ?? '') : lookup(name);
  });
}

/** `Integration.field`: neither a variable of the platform nor of the environment. */
function isField(name: string): boolean {
  return name.includes('.') && !name.startsWith('$') && !name.startsWith('slot.');
}
