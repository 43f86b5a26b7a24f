/** Splits a command as the Windows prompt (cmd) and the programs it starts do. Nothing is expanded and nothing is run. */
import type { ShellWords } from './shell-words.ts';

/** A line that goes on with `^`, or a word that begins with `^"`, as browsers copy commands. */
export const isForWindows = (text: string): boolean => /\s\^(?:\r?\n|")/.test(text);

/** What the prompt reads: between plain quotes a `^` is a `^`. Each alternative reads at least one sign. */
const piece =
  /\^\r?\n(?<line>\r?\n)?|\^(?<escaped>[\s\S])|(?<quoted>"[^"]*"?)|(?<end>[|&<>\n])|(?<plain>[^^"|&<>\n]+|\^)/gy;

/** `problem`: a quote is not closed. */
export function windowsWords(text: string): ShellWords | { problem: string } {
  const trimmed = text.trim();
  let line = '';
  for (const { 0: whole, index, groups = {} } of trimmed.matchAll(piece)) {
    if (groups['end'] !== undefined) return argumentsOf(line, trimmed.slice(index).trim());
    if (whole.startsWith('^') && groups['plain'] === undefined) line += groups['escaped'] ?? groups['line'] ?? '';
    else line += whole;
  }
  return argumentsOf(line, null);
}

/** Of backslashes before a quote every two are one, and one left over makes the quote a sign; elsewhere they are signs. */
const part = /(?<slashes>\\+)"|(?<twice>"")|(?<quote>")|(?<space>\s+)|(?<plain>[^\\"\s]+|\\+)/gy;

/** How a program takes the prompt's line apart. */
function argumentsOf(line: string, rest: string | null): ShellWords | { problem: string } {
  const words: string[] = [];
  let word: string | null = null;
  let isOpen = false;
  for (const { 0: whole, groups = {} } of line.matchAll(part)) {
    const { slashes, twice, quote, space } = groups;
    if (space !== undefined && !isOpen) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const isSign = slashes !== undefined && slashes.length % 2 === 1;
    word ??= '';
    if (slashes !== undefined) word += '\\'.repeat(Math.floor(slashes.length / 2));
    if (isSign || (twice !== undefined && isOpen)) word += '"';
    else if (quote !== undefined || slashes !== undefined) isOpen = !isOpen;
    else if (twice === undefined) word += whole;
  }
  if (isOpen) return { problem: 'A quote is not closed: "' };
  if (word !== null) words.push(word);
  return { words, rest };
}
