/** How an author wants an element to look: only values that can be nothing else than a colour, a size or a number. */
import { isColour } from '../../../src/bot/content/colour.ts';
import { isRecord, numberOf } from '../../shape.ts';

export type Size = 'small' | 'medium' | 'large';

export interface Look {
  /** Set through the style's own properties, never as a text: the page's policy forbids style attributes. */
  style: Record<string, string>;
  size: Size | undefined;
}

/** Author's name of a colour, and the style property or variable it sets. */
const colours: [name: string, property: string][] = [
  ['color', 'color'],
  ['background-color', 'background-color'],
  ['border-color', 'border-color'],
  ['color-hover', '--hover-ink'],
  ['background-color-hover', '--hover-ground'],
  ['color-active', '--active-ink'],
  ['background-color-active', '--active-ground'],
  ['border-color-selected', '--selected-line'],
  ['background-color-selected', '--selected-ground'],
];
const mostRadius = 40;

export function parseLook(value: unknown): Look {
  if (!isRecord(value)) return { style: {}, size: undefined };
  const style: Record<string, string> = {};
  for (const [name, property] of colours) {
    const colour = value[name];
    if (isColour(colour)) style[property] = colour;
  }
  if (value['bold'] === true) style['font-weight'] = '650';
  if (value['italic'] === true) style['font-style'] = 'italic';
  const radius = numberOf(value['border-radius']);
  if (radius !== undefined) style['border-radius'] = `${Math.min(Math.max(radius, 0), mostRadius)}px`;
  return { style, size: sizeOf(value['size']) };
}

/** An author's colours are chosen for a light page: what has any is shown on a light ground, whatever the page's own. */
export function hasColours({ style }: Look): boolean {
  return colours.some(([, property]) => style[property] !== undefined);
}

function sizeOf(size: unknown): Size | undefined {
  return size === 'small' || size === 'medium' || size === 'large' ? size : undefined;
}
