/** What can be said of an interaction's content before it runs: what its author wrote is checked, what variables will fill in is not. */
import type { Interaction } from '../document.ts';
import { pointer } from '../problem.ts';
import { type ContentFault, shownContent } from './check-content.ts';
import { imageUrl, link } from './fields.ts';
import { idleActions } from './idle-actions.ts';
import { partedContent } from './parted-content.ts';
import { isObject, type Json, tryParseJson } from '../../world/json.ts';

const expression = /\{[^{}\r\n]{1,200}\}/;
/** An address whose beginning is the author's own: its scheme cannot change. */
const schemeWritten = /^\s*[a-z][a-z0-9+.-]*:/i;

/**
 * Faults of structured content, links and image addresses that are there in every conversation. `path` is a JSON pointer
 * into the interaction; a fault inside of universal content names its own place in the message, and `leave_out` says that it
 * costs no more than itself.
 */
export function contentFaults(interaction: Interaction): ContentFault[] {
  if (interaction.type === 'universal') return universalFaults(interaction.content);
  if (interaction.type === 'image') return addressFaults(interaction.url, '/url', imageUrl);
  if (interaction.type === 'button_question')
    return interaction.buttons.flatMap((button, at) => buttonFaults(button, pointer('/buttons', at)));
  if (interaction.type !== 'structured') return [];
  return interaction.tiles.flatMap(({ image, item_url, buttons = [] }, at) => {
    const path = pointer('/tiles', at);
    return [
      ...addressFaults(image, pointer(path, 'image'), imageUrl),
      ...addressFaults(item_url, pointer(path, 'item_url'), link),
      ...buttons.flatMap((button, of) => buttonFaults(button, pointer(path, 'buttons', of))),
    ];
  });
}

function buttonFaults({ type, callback }: { type: string; callback?: string }, path: string): ContentFault[] {
  if (type !== 'link') return [];
  const at = pointer(path, 'callback');
  return callback?.trim()
    ? addressFaults(callback, at, link)
    : [{ path: at, message: 'must say where the link leads' }];
}

function addressFaults(address: string | undefined, path: string, rule: typeof link): ContentFault[] {
  const written = address?.trim() ?? '';
  if (written === '' || (expression.test(written) && !schemeWritten.test(written))) return [];
  return rule(written.replaceAll(new RegExp(expression, 'g'), 'x'), { path, inner: () => [] });
}

function universalFaults(written: string): ContentFault[] {
  const json = tryParseJson(written);
  if (json === undefined)
    return expression.test(written) ? [] : [{ path: '/content', message: 'must be JSON of structured content' }];
  const { body, replies } = partedContent(json);
  return [
    ...(body === undefined ? [] : faultsIn(body, '')),
    ...(replies === undefined ? [] : faultsIn(replies, json === replies ? '' : '/quickReplies')),
  ];
}

function faultsIn(content: Json, at: string): ContentFault[] {
  const shown = shownContent(content);
  return (shown.ok ? [...shown.left_out, ...idleActions(content)] : shown.faults)
    .filter(({ path }) => !isFilledIn(content, path))
    .map(({ path, message, leave_out }) => ({
      path: '/content',
      message: `${at}${path} ${message}`.trim(),
      ...(shown.ok && leave_out !== undefined && { leave_out }),
    }));
}

/** The value at a pointer is a text that its variables will change. */
function isFilledIn(content: unknown, path: string): boolean {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const value = steps.reduce<unknown>((at, step) => memberOf(at, step), content);
  return typeof value === 'string' && expression.test(value);
}

function memberOf(of: unknown, name: string): unknown {
  if (Array.isArray(of)) return of[Number(name)];
  return isObject(of) && Object.hasOwn(of, name) ? of[name] : undefined;
}
