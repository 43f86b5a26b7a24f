/** The `style` of an element: a few names, and colours that can be nothing but colours. */
import { pointer } from '../problem.ts';
import { isColour } from './colour.ts';
import { type ContentFault } from './fields.ts';
import { isObject } from '../../world/json.ts';

const colours = new Set(
  ['color', 'background-color', 'border-color', 'fill'].flatMap((name) =>
    ['', '-hover', '-active', '-selected'].map((state) => name + state),
  ),
);
const sizes = new Set(['small', 'medium', 'large']);

export function checkStyle(style: unknown, path: string): ContentFault[] {
  if (style === undefined) return [];
  if (!isObject(style)) return [{ path, message: 'must be an object', leave_out: path }];
  return Object.entries(style).flatMap(([name, value]) => {
    const message = faultOf(name, value);
    const place = pointer(path, name);
    return message === undefined ? [] : [{ path: place, message, leave_out: place }];
  });
}

function faultOf(name: string, value: unknown): string | undefined {
  if (name === 'bold' || name === 'italic') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (name === 'size') return sizes.has(String(value)) ? undefined : 'must be "small", "medium" or "large"';
  if (name === 'border-radius') return typeof value === 'number' ? undefined : 'must be a number';
  if (name === 'font-family')
    return typeof value === 'string' && /^[\w ,'"-]{1,100}$/.test(value) ? undefined : 'must be the name of a font';
  if (colours.has(name)) return isColour(value) ? undefined : 'must be a colour, such as "#3e47a0"';
  return 'is not known here';
}
