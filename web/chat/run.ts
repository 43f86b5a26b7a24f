import type { Item } from './transcript.ts';

/** How a message stands among its neighbours: in a run of messages by one side, and whether its time is told. */
export interface Run {
  first: boolean;
  last: boolean;
  /** The conversation pauses here: the time below the message says when. */
  timed: boolean;
}

const sameRun = 5 * 60_000;
const pause = 2 * 60_000;

export function runOf(items: Item[], index: number): Run {
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
  return {
    first: !together(before, item),
    last: !together(item, after),
    timed: after === undefined || gap(item, after) > pause,
  };
}

function together(before: Item | undefined, after: Item | undefined): boolean {
  return before !== undefined && after !== undefined && side(before) === side(after) && gap(before, after) <= sameRun;
}

/** Between two messages, in ms; 0 where one of them has no time. */
function gap(before: Item | undefined, after: Item): number {
  if (before?.kind !== 'message' || after.kind !== 'message') return 0;
  return Date.parse(after.at) - Date.parse(before.at) || 0;
}

function side(item: Item): string {
  if (item.kind === 'pending') return 'consumer';
  if (item.kind === 'gap' || item.kind === 'handed_over') return item.kind;
  return item.kind === 'message' ? item.from : 'bot';
}
