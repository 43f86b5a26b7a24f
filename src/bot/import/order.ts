import type { ExportIndex, Message } from './export-index.ts';

/** A dialog of the new document: its interactions in the order they follow each other. */
export interface OrderedDialog {
  /** The export's dialog; absent where it has none and one was made up. */
  group: string | undefined;
  messages: Message[];
}

/**
 * An export keeps its interactions sorted by id and links them by `nextMessageId`; a document lists them in order. Chains
 * of one group become one dialog, the starter's first; a further starter begins a dialog of its own. Interactions
 * without a group go with the starter before them.
 */
export function orderDialogs(index: Pick<ExportIndex, 'messages'>): OrderedDialog[] {
  const dialogs: OrderedDialog[] = [];
  const byGroup = new Map<string | undefined, OrderedDialog>();
  const chains = chainsOf(index.messages).sort((one, other) => startsFirst(other) - startsFirst(one));
  const ungrouped: Message[][] = [];
  for (const chain of chains) {
    const group = chain[0]?.group;
    const known = byGroup.get(group);
    if (known && !isStarter(chain)) for (const message of chain) known.messages.push(message);
    else if (group === undefined && !isStarter(chain)) ungrouped.push(chain);
    else {
      const dialog = { group: known ? undefined : group, messages: [...chain] };
      byGroup.set(group, known ?? dialog);
      dialogs.push(dialog);
    }
  }
  if (ungrouped.length > 0) dialogs.push({ group: undefined, messages: ungrouped.flat() });
  return dialogs;
}

function chainsOf(messages: ReadonlyMap<string, Message>): Message[][] {
  const followed = new Set(
    [...messages.values()].flatMap(({ id, next }) => (next === undefined || next === id ? [] : [next])),
  );
  const seen = new Set<string>();
  const heads = [...messages.values()].filter(({ id }) => !followed.has(id));
  // What is left after the chains with a head goes round in a circle: it is cut open anywhere.
  return [...heads, ...messages.values()].flatMap((head) => {
    const chain = chainFrom(head, messages, seen);
    return chain.length > 0 ? [chain] : [];
  });
}

function chainFrom(head: Message, messages: ReadonlyMap<string, Message>, seen: Set<string>): Message[] {
  const chain: Message[] = [];
  for (
    let at: Message | undefined = head;
    at && !seen.has(at.id) && at.group === head.group;
    at = at.next === undefined ? undefined : messages.get(at.next)
  ) {
    seen.add(at.id);
    chain.push(at);
  }
  return chain;
}

function isStarter(chain: readonly Message[]): boolean {
  return chain[0]?.type === 'DIALOG_STARTER';
}

function startsFirst(chain: readonly Message[]): number {
  return isStarter(chain) ? 1 : 0;
}
