/** The small rules that members of structured content are held to. Each says in words what is wrong with a value. */
import { pointer } from '../problem.ts';
import { isObject } from '../../world/json.ts';
import { isColour } from './colour.ts';

/** One thing that is wrong, at a JSON pointer into the content. */
export interface ContentFault {
  path: string;
  message: string;
  /** The pointer of what is in fault alone: without it the rest can be shown. Absent: nothing can. */
  leave_out?: string;
}

/** Checks one value; `inner` checks an element inside. */
export type Rule = (value: unknown, at: Place) => ContentFault[];

export interface Place {
  path: string;
  inner: (value: unknown, path: string) => ContentFault[];
}

export interface Field {
  rule: Rule;
  required?: boolean;
  /** What a fault of it costs: the member, or the element or action that has it. Absent: the content. */
  costs?: 'member' | 'owner';
}
export type Fields = Readonly<Record<string, Field>>;

export const must = (rule: Rule): Field => ({ rule, required: true });
export const may = (rule: Rule): Field => ({ rule });
/** Looks and extras: what is wrong with them is no reason to keep the rest from a consumer. */
export const extra = (rule: Rule): Field => ({ rule, costs: 'member' });
/** Without it its owner is nothing, and the owner's neighbours stay. */
export const core = (rule: Rule): Field => ({ rule, required: true, costs: 'owner' });

const fault = (path: string, message: string): ContentFault[] => [{ path, message }];

export const text =
  (longest: number, least = 0): Rule =>
  (value, { path }) => {
    if (typeof value !== 'string') return fault(path, 'must be a text');
    if (value.length < least) return fault(path, `must have at least ${least} character${least === 1 ? '' : 's'}`);
    return value.length > longest ? fault(path, `must have at most ${longest} characters`) : [];
  };

export const number: Rule = (value, { path }) =>
  typeof value === 'number' && Number.isFinite(value) ? [] : fault(path, 'must be a number');

export const whole: Rule = (value, { path }) => (Number.isInteger(value) ? [] : fault(path, 'must be a whole number'));

export const flag: Rule = (value, { path }) => (typeof value === 'boolean' ? [] : fault(path, 'must be true or false'));

export const colour: Rule = (value, { path }) =>
  isColour(value) ? [] : fault(path, 'must be a colour, such as "#3e47a0"');

export const oneOf =
  (...names: string[]): Rule =>
  (value, { path }) =>
    typeof value === 'string' && names.includes(value)
      ? []
      : fault(path, `must be one of ${names.map((name) => JSON.stringify(name)).join(', ')}`);

const schemes = ['https:', 'http:', 'mailto:', 'tel:'];
const longestUrl = 2_048;
/** What stands for the sign-in link until it is delivered. */
const signInLink = /^errand:sign-in:[A-Za-z0-9_-]+$/;
/** Inside of another address it would tell the link to whoever is there. */
export const holdsSignIn = (url: string): boolean => url.includes('errand:sign-in:');

const urlOf =
  (allowed: readonly string[]): Rule =>
  (value, at) => {
    const wrong = text(longestUrl, 1)(value, at);
    if (wrong.length > 0) return wrong;
    if (holdsSignIn(String(value))) return fault(at.path, 'must be an address without the sign-in link in it');
    const parsed = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
    return parsed !== undefined && allowed.includes(parsed.protocol)
      ? []
      : fault(at.path, `must be an address that begins with ${allowed.map((scheme) => `"${scheme}"`).join(', ')}`);
  };

/** Whether a link of any length may go out: one of four schemes, as a browser reads them, or the stand-in of a sign-in link. */
export function isSafeUrl(url: string): boolean {
  if (holdsSignIn(url)) return signInLink.test(url);
  return URL.canParse(url) && schemes.includes(new URL(url).protocol);
}

/** One of four schemes: what may be looked at before anybody taps it, so it can be no sign-in. */
export const webLink: Rule = urlOf(schemes);
/** One of four schemes, or the stand-in of a sign-in link. */
export const link: Rule = (value, at) =>
  typeof value === 'string' && signInLink.test(value) ? [] : webLink(value, at);
const scripted = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:']);
/** For an app of the brand's, which no page of ours opens: any scheme but those that run something or read a device. */
export const appLink: Rule = (value, at) => {
  const wrong = text(longestUrl, 1)(value, at);
  if (wrong.length > 0 || signInLink.test(String(value))) return wrong;
  if (holdsSignIn(String(value))) return fault(at.path, 'must be an address without the sign-in link in it');
  const parsed = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
  return parsed !== undefined && !scripted.has(parsed.protocol) ? [] : fault(at.path, 'must be an address of an app');
};
/** An image is fetched without a tap: it can be no sign-in. */
export const imageUrl: Rule = urlOf(['https:', 'http:']);

/** A list with so many members, each held to a rule. */
export const list =
  (rule: Rule, least: number, most: number): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return fault(at.path, 'must be a list');
    if (value.length < least) return fault(at.path, `must have at least ${least} member${least === 1 ? '' : 's'}`);
    if (value.length > most) return fault(at.path, `must have at most ${most} members`);
    return value.flatMap((one, index) => rule(one, { ...at, path: pointer(at.path, index) }));
  };

export const object =
  (fields: Fields): Rule =>
  (value, at) => {
    if (!isObject(value)) return fault(at.path, 'must be an object');
    return [...checkFields(value, fields, at), ...unknownFields(value, fields, at.path)];
  };

/** An element of structured content, of the given types or of any. */
export const element =
  (...types: string[]): Rule =>
  (value, { path, inner }) => {
    if (!isObject(value)) return fault(path, 'must be an element: an object with a "type"');
    if (types.length > 0 && !types.includes(String(value['type'])))
      return fault(pointer(path, 'type'), `must be ${types.map((type) => JSON.stringify(type)).join(' or ')} here`);
    return inner(value, path);
  };

export const anything: Rule = () => [];

export function checkFields(value: Record<string, unknown>, fields: Fields, at: Place): ContentFault[] {
  return Object.entries(fields).flatMap(([name, { rule, required, costs }]) => {
    const path = pointer(at.path, name);
    const given = Object.hasOwn(value, name) && value[name] !== undefined;
    const missing = required ? fault(path, 'is required') : [];
    const faults = given ? rule(value[name], { ...at, path }) : missing;
    if (costs === undefined) return faults;
    return faults.map((one) => ({ leave_out: costs === 'member' ? path : at.path, ...one }));
  });
}

export function unknownFields(value: Record<string, unknown>, fields: Fields, path: string): ContentFault[] {
  return Object.keys(value)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => {
      const place = pointer(path, name);
      return { path: place, message: 'is not known here', leave_out: place };
    });
}
