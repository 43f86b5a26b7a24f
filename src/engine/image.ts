import { checkContent } from '../bot/content/check-content.ts';
import type { Interaction } from '../bot/document.ts';
import { send, shownLookup } from './message.ts';
import { expand } from './template.ts';
import { type Onward, type Turn, warn } from './turn.ts';

const longestUrl = 2_048;
const longestAlt = 2_000;

/** An image statement as structured content. An address that is none of an image's is left out, and the author is told. */
export function sendImage(turn: Turn, { url, alt, delay_ms }: Extract<Interaction, { type: 'image' }>): Onward {
  const lookup = shownLookup(turn);
  const description = alt === undefined ? '' : expand(alt, lookup, longestAlt).text;
  const content = {
    type: 'image',
    url: expand(url, lookup, longestUrl).text.trim(),
    ...(description !== '' && { alt: description }),
  };
  const checked = checkContent(content);
  if (checked.ok) send(turn, { content, ...(delay_ms && { delay_ms }) });
  else warn(turn, `the image was not shown: its address ${checked.faults[0]?.message ?? 'is none'}`);
  return 'after';
}
