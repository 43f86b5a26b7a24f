/** What a page of the brand's sent in a recorded conversation. A script has the consumer only: it sets no variables of a page. */
import { untrustedVariables } from '../engine/web-view.ts';
import type { TraceItem } from '../store/trace.ts';
import { commandOf } from './commands.ts';

const mostNamed = 20;

/** Without variables that came alone: they are in no transcript and no turn of the consumer's, and the bot says nothing to them. */
export function withoutVariables(trace: readonly TraceItem[]): TraceItem[] {
  return trace.filter((item) => namesIn(item).length === 0 && !(isOfPage(item) && item.text === ''));
}

export function notesOfPages(trace: readonly TraceItem[]): string[] {
  const names = [...new Set(trace.flatMap(namesIn))].slice(0, mostNamed);
  const said = new Set(trace.filter(isOfPage).map(({ text }) => text));
  const commands = [...said].filter(isCommand);
  return [
    ...(names.length > 0
      ? [
          `A page set Web View variables (${names.join(', ')}); here nothing does, so look at what the bot made of them.`,
        ]
      : []),
    ...commands.map(
      (text) => `A page said "${text}", which only the bot heard; here the consumer says it to Errand, too.`,
    ),
  ];
}

function isOfPage({ kind, through }: TraceItem): boolean {
  return kind === 'message' && through === 'web_view';
}

/** From a page it is no confirmation, no sign-out and no end of a sign-in. */
function isCommand(text: unknown): text is string {
  return typeof text === 'string' && commandOf(text) !== undefined;
}

/** Of the variables that the session kept. */
function namesIn({ kind, level, text }: TraceItem): string[] {
  if (kind !== 'log' || level !== 'debug' || typeof text !== 'string' || !text.startsWith(untrustedVariables))
    return [];
  const names = text.slice(untrustedVariables.length);
  return names === '' ? [] : names.split(', ');
}
