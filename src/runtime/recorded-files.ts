/** Files in a recorded conversation. The consumer of a script has none to send. */
import type { TraceItem } from '../store/trace.ts';

/** What is said of a file that is left out with all the bot said to it. Undefined: this is no file. */
export function noteOfFile({ text, file, refused }: TraceItem): string | undefined {
  if (file === undefined) return undefined;
  const left = `The consumer sent a file ("${String(text)}"), which no script can: it is left out with what the bot said to it`;
  // A refused one changes nothing: the bot waits as before.
  return refused === true ? `${left}.` : `${left}. Here the bot waits for it, so take out what came of it later.`;
}

/** The call that takes a file on. */
export function takesFile({ kind, request }: TraceItem): boolean {
  return kind === 'call' && typeof request === 'object' && request !== null && 'file' in request;
}
