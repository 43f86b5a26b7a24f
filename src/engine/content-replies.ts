import { contentButtons } from '../bot/content/flatten.ts';
import { isObject, type Json } from '../world/json.ts';
import type { OutgoingMessage, QuickReply } from './step.ts';

/** Quick replies of structured content as those of a message; what a reply has beyond a title and a text comes along. */
export function repliesOf(content: Json): Pick<OutgoingMessage, 'quick_replies' | 'quick_replies_per_row'> {
  if (!isObject(content)) return {};
  const { replies, itemsPerRow } = content;
  return {
    quick_replies: (Array.isArray(replies) ? replies : []).flatMap(replyOf),
    ...(typeof itemsPerRow === 'number' && { quick_replies_per_row: inBounds(itemsPerRow) }),
  };
}

function replyOf(reply: Json): QuickReply[] {
  if (!isObject(reply)) return [];
  const [button] = contentButtons({ ...reply, type: 'button' });
  if (!button) return [];
  const { click, style, tooltip } = reply;
  return [
    {
      title: button.label,
      payload: button.says ?? button.label,
      ...(click !== undefined && doesMore(click) && { click }),
      ...(style !== undefined && { style }),
      ...(typeof tooltip === 'string' && { tooltip }),
    },
  ];
}

/** Than saying one text, which the payload says already. */
function doesMore(click: Json): boolean {
  if (!isObject(click)) return false;
  const { actions = [], metadata = [] } = click;
  const [only, ...others] = Array.isArray(actions) ? actions : [];
  const says = isObject(only) && only['type'] === 'publishText';
  return others.length > 0 || (only !== undefined && !says) || (Array.isArray(metadata) && metadata.length > 0);
}

function inBounds(perRow: number): number {
  return Math.min(Math.max(Math.floor(perRow), 1), 8);
}
