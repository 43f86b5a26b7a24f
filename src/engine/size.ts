import type { Json } from '../world/json.ts';
import type { EngineState, Named } from './state.ts';

/**
 * About the characters of a value's JSON, escapes not counted. Walks without recursion and stops above `enough`: what is
 * too large is not looked at to its end.
 */
export function sizeOf(value: Json, enough = Number.POSITIVE_INFINITY): number {
  let size = 0;
  const open: Json[] = [value];
  for (let one = open.pop(); one !== undefined && size <= enough; one = open.pop()) {
    if (typeof one === 'string') size += one.length + 2;
    else if (one === null || typeof one !== 'object') size += 5;
    else if (Array.isArray(one)) size += one.length + 2 + pushAll(open, one);
    else size += 2 + pushAll(open, Object.values(one)) + sizeOfNames(one);
  }
  return size;
}

function pushAll(open: Json[], values: readonly Json[]): 0 {
  for (const value of values) open.push(value);
  return 0;
}

function sizeOfNames(named: object): number {
  return Object.keys(named).reduce((sum, name) => sum + name.length + 4, 0);
}

/** Sizes already taken, by the object: values and groups of variables are replaced, never changed in place. */
export type Sizes = WeakMap<object, number>;

/** Every variable that a conversation holds: those in force, and those of dialogs that were set aside. */
export function sizeOfAll({ variables, stack, parked }: EngineState, sizes: Sizes): number {
  const aside = [...stack, ...Object.values(parked)].map(({ dialog_variables }) => dialog_variables);
  const groups: Named[] = [...Object.values(variables), ...aside];
  return groups.reduce((sum, group) => sum + known(group, sizes, () => sizeOfGroup(group, sizes)), 0);
}

function sizeOfGroup(group: Named, sizes: Sizes): number {
  const each = (value: Json): number =>
    value !== null && typeof value === 'object' ? known(value, sizes, () => sizeOf(value)) : sizeOf(value);
  return Object.values(group).reduce<number>((sum, value) => sum + each(value), 2 + sizeOfNames(group));
}

function known(object: object, sizes: Sizes, take: () => number): number {
  const size = sizes.get(object) ?? take();
  sizes.set(object, size);
  return size;
}
