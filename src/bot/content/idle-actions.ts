import { pointer } from '../problem.ts';
import { childrenOf } from './elements.ts';
import type { ContentFault } from './fields.ts';
import { type Element, objectsAt } from './members.ts';
import { isObject } from '../../world/json.ts';

const everyAction = [
  'publishText',
  'link',
  'navigate',
  'custom',
  'addToCart',
  'datePicker',
  'scheduleSlotList',
  'checked',
];
/** What is done when an element is tapped; what is not named here cannot be. */
const done: Readonly<Record<string, readonly string[]>> = {
  button: everyAction,
  image: everyAction,
  map: everyAction,
  linkPreview: everyAction,
  checkbox: ['checked', 'publishText'],
  submitButton: ['submitAsText'],
};

/** Actions that are allowed where they stand and that nobody performs there: their author expects something else. */
export function idleActions(content: unknown, path = ''): ContentFault[] {
  if (!isObject(content)) return [];
  const inside = content['type'] === 'quickReplies' ? 'replies' : 'elements';
  return [
    ...idleOf(content, pointer(path, 'click', 'actions')),
    ...childrenOf(content).flatMap((child, at) => idleActions(child, pointer(path, inside, at))),
  ];
}

function idleOf(element: Element, path: string): ContentFault[] {
  const type = String(element['type']);
  const performed = Object.hasOwn(done, type) ? (done[type] ?? []) : [];
  const actions = isObject(element['click']) ? objectsAt(element['click'], 'actions') : [];
  return actions.flatMap((action, at) => {
    if (performed.includes(String(action['type']))) return [];
    const place = pointer(path, at);
    const why = performed.length > 0 ? `a "${type}" does only ${performed.join(', ')}` : `a "${type}" cannot be tapped`;
    return [{ path: place, message: `does nothing: ${why}`, leave_out: place }];
  });
}
