import { imageUrl, link } from '../bot/content/fields.ts';
import type { Interaction, Tile } from '../bot/document.ts';
import type { Json } from '../world/json.ts';
import { fanOut } from './fan-out.ts';
import { hideTokens } from './handle.ts';
import { expand, type Lookup } from './template.ts';
import { type Turn, warn } from './turn.ts';

const mostCards = 10;
const longestTitle = 128;
const longestText = 5_000;

type Structured = Extract<Interaction, { type: 'structured' }>;

/**
 * A structured question as structured content: one card, or a carousel of them. `null` when lists that its tiles are made
 * of are empty, so that there is nothing to show. More than ten cards are cut, and the author is told.
 */
export function structuredContent(turn: Turn, question: Structured, lookup: Lookup): { [key: string]: Json } | null {
  const cards = question.tiles.flatMap((tile) =>
    fanOut(textsOf(tile), lookup).map((one) => () => cardOf(turn, tile, one)),
  );
  if (cards.length > mostCards)
    warn(turn, `only the first ${mostCards} of ${cards.length} cards are shown: a carousel has no more`);
  const [only, ...others] = cards.slice(0, mostCards).map((make) => make());
  if (!only) return null;
  if (others.length === 0) return only;
  if (question.display === 'vertical') return { type: 'vertical', elements: [only, ...others] };
  return { type: 'carousel', padding: 10, elements: [only, ...others] };
}

/** Every text of a tile, as its author wrote it. */
export function textsOf({ title, subtitle = '', image = '', item_url = '', buttons = [] }: Tile): string[] {
  return [title, subtitle, image, item_url, ...buttons.flatMap(({ label, callback = '' }) => [label, callback])];
}

function cardOf(turn: Turn, tile: Tile, lookup: Lookup): { [key: string]: Json } {
  const filled = (text: string, longest = longestText): string => expand(text, lookup, longest).text.trim();
  const { title, subtitle, buttons = [] } = tile;
  const ofCard = `of the card "${filled(title, 256)}"`;
  const address = (text: string, rule: typeof link, what: string): string | undefined =>
    safeAddress(turn, { url: filled(text), rule, what: `the ${what} ${ofCard}` });
  const image = tile.image && address(tile.image, imageUrl, 'image');
  const itemUrl = tile.item_url && address(tile.item_url, link, 'item_url');
  const elements: Json[] = [];
  if (image) {
    const click = itemUrl ? { click: { actions: [linkTo(itemUrl)] } } : {};
    elements.push({ type: 'image', url: image, tooltip: filled(title, 256), ...click });
  }
  elements.push({
    type: 'text',
    text: filled(title),
    tooltip: filled(title, 256),
    style: { bold: true, size: 'large' },
  });
  if (subtitle) elements.push({ type: 'text', text: filled(subtitle), tooltip: filled(subtitle, 256) });
  for (const { label, type, callback = '', target } of buttons) {
    const name = filled(label, longestTitle);
    const uri = type === 'link' ? address(callback, link, `button "${name}"`) : undefined;
    if (type === 'link' && uri === undefined) continue;
    const action = uri === undefined ? { type: 'publishText', text: filled(callback) || name } : linkTo(uri, target);
    elements.push({ type: 'button', title: name, tooltip: name, click: { actions: [action] } });
  }
  return { type: 'vertical', elements };
}

/** Undefined, and the author is told: one address that an answer filled in badly must not cost all the cards. */
function safeAddress(
  turn: Turn,
  { url, rule, what }: { url: string; rule: typeof link; what: string },
): string | undefined {
  const [fault] = rule(url, { path: '', inner: () => [] });
  if (fault === undefined) return url;
  warn(turn, hideTokens(`${what} was left out: its address ${fault.message}`));
  return undefined;
}

function linkTo(uri: string, target?: 'new_window' | 'current_window'): { [key: string]: Json } {
  return { type: 'link', uri, target: target === 'current_window' ? 'self' : 'blank' };
}
