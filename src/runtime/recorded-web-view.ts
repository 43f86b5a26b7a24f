/** What a page of the brand's sent in a recorded conversation. A script has the consumer only: it sets no variables of a page. */
import { untrustedVariables } from '../engine/web-view.ts';
import type { TraceItem } from '../store/trace.ts';

const mostNamed = 20;

/** Without variables that came alone: they are in no transcript and no turn of the consumer's, and the bot says nothing to them. */
export function withoutVariables(trace: readonly TraceItem[]): TraceItem[] {
  return trace.filter((item) => namesIn(item).length === 0 && !(item.through === 'web_view' && item.text === ''));
}

export function notesOfVariables(trace: readonly TraceItem[]): string[] {
  const names = [...new Set(trace.flatMap(namesIn))].slice(0, mostNamed);
  if (names.length === 0) return [];
  return [
    `A page set Web View variables (${names.join(', ')}); here nothing does, so look at what the bot made of them.`,
  ];
}

/** Of the variables that the session kept. */
function namesIn({ kind, level, text }: TraceItem): string[] {
  if (kind !== 'log' || level !== 'debug' || typeof text !== 'string' || !text.startsWith(untrustedVariables))
    return [];
  const names = text.slice(untrustedVariables.length);
  return names === '' ? [] : names.split(', ');
}
