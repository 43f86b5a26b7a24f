import type { HappenedEvent } from '../api/conversation-script.ts';
import type { TraceItem } from '../store/trace.ts';

/** Beside messages: what a script's `events` may speak of, in the order in which it happened. */
export function happenedIn(trace: readonly TraceItem[]): HappenedEvent[] {
  return trace.flatMap((item) => {
    const event = eventOf(item);
    return event ? [event] : [];
  });
}

const byKind: Record<string, (item: TraceItem) => HappenedEvent | undefined> = {
  closed: ({ survey }) => [survey === true ? 'close_dialog' : 'close_conversation'],
  transfer: ({ status, skill }) => (status === 'requested' ? ['transfer', skill] : undefined),
  custom_event: ({ name }) => ['customEvent', name],
  sign_in: ({ status, outcome }) => (status === 'ended' ? ['sign_in', outcome] : undefined),
  context: ({ change }) => contextEvent(change),
};

function eventOf(item: TraceItem): HappenedEvent | undefined {
  return Object.hasOwn(byKind, item.kind) ? byKind[item.kind]?.(item) : undefined;
}

const owners: Record<string, string> = {
  global: 'globalContext',
  user: 'userContext',
  conversation: 'conversationContext',
};

/** The value as the script that set it gave it. */
function contextEvent(change: unknown): HappenedEvent | undefined {
  if (typeof change !== 'object' || change === null || Reflect.get(change, 'op') !== 'set') return undefined;
  const owner = owners[String(Reflect.get(change, 'of'))];
  return owner === undefined
    ? undefined
    : [owner, Reflect.get(change, 'namespace'), Reflect.get(change, 'name'), Reflect.get(change, 'value')];
}
