/** Read, change, write: what a resource shows may be sent back to it as it is, with what was changed. */
import type { TSchema } from 'typebox';
import { isObject } from '../../world/json.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';

type Body = Record<string, unknown>;

/** Members of the answer that no request may have. */
export function readOnlyMembers({ shown, input }: { shown: TSchema; input: TSchema }): ReadonlySet<string> {
  const taken = membersOf(input);
  return new Set([...membersOf(shown)].filter((name) => !taken.has(name)));
}

/**
 * The body without what is read-only in it. `stored`: the resource as it would be shown now. Throws `invalid_body` where
 * one of them is another than the stored one, so that nobody believes that it was changed.
 */
export function withoutReadOnly(body: Body, readOnly: ReadonlySet<string>, stored: Body): Body {
  const given = Object.keys(body).filter((name) => readOnly.has(name));
  const places = given.filter((name) => isChanged(name, body, stored)).map((name) => placeOf(name, stored));
  if (places.length > 0) throw new Problem('invalid_body', 'Some fields cannot be changed.', places);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !readOnly.has(name)));
}

/** The same for all its life; anything else may have changed since an older version was read. */
const forLife = ['id', 'created_at'];

function isChanged(name: string, body: Body, stored: Body): boolean {
  if (name === 'version') return !isEarlier(body[name], stored[name]);
  const isOlder = body['version'] !== undefined && body['version'] !== stored['version'];
  // What is said once, in the answer to a write, is not there to compare with.
  if (!Object.hasOwn(stored, name) || (isOlder && !forLife.includes(name))) return false;
  return JSON.stringify(body[name]) !== JSON.stringify(stored[name]);
}

/** A version of before is no fault: who wants it to be one sends `If-Match`. */
function isEarlier(given: unknown, now: unknown): boolean {
  return Number.isInteger(given) && Number(given) >= 1 && Number(given) <= Number(now);
}

function placeOf(name: string, stored: Body): InvalidPlace {
  return { pointer: `/${name}`, detail: `is read-only, and is ${JSON.stringify(stored[name])}: leave it out` };
}

/** Of an object, or of all the objects of a union. */
function membersOf(schema: object): Set<string> {
  const properties = 'properties' in schema && isObject(schema.properties) ? Object.keys(schema.properties) : [];
  const branches = 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf : [];
  return new Set([...properties, ...branches.flatMap((branch: object) => [...membersOf(branch)])]);
}
