/** Splits a pasted command into its words the way a POSIX shell quotes them. Nothing is expanded and nothing is run. */

export interface ShellWords {
  words: string[];
  /** What stood after the command, such as `| jq`: it is no part of it. */
  rest: string | null;
}

const ansi: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
};

/** One piece of a word, or what ends one. Each alternative reads at least one sign, so the reading is linear. */
const piece =
  /(?<continued>\\\r?\n)|\\(?<escaped>[\s\S])|'(?<single>[^']*)'|\$'(?<ansi>(?:[^'\\]|\\[\s\S])*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|(?<space>\s+)|(?<end>[|;&<>])|(?<plain>[^\s\\'"|;&<>$]+|\$)|(?<open>['"\\])/gy;

/** `problem`: a quote is not closed. */
export function shellWords(text: string): ShellWords | { problem: string } {
  const words: string[] = [];
  let word: string | null = null;
  const finish = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  for (const found of text.trim().matchAll(piece)) {
    const groups = found.groups ?? {};
    if (groups['open'] !== undefined) return { problem: `A quote is not closed: ${found[0]}` };
    if (groups['end'] !== undefined) {
      finish();
      return { words, rest: text.trim().slice(found.index) };
    }
    if (groups['space'] !== undefined) finish();
    else if (groups['continued'] === undefined) word = (word ?? '') + textOf(groups);
  }
  finish();
  return { words, rest: null };
}

function textOf(groups: Record<string, string | undefined>): string {
  const { escaped, single, ansi: coded, double, plain } = groups;
  if (coded !== undefined) return decodeAnsi(coded);
  if (double !== undefined)
    return double.replace(/\\([\\"$`]|\r?\n)/g, (_, sign: string) => (/\n/.test(sign) ? '' : sign));
  return escaped ?? single ?? plain ?? '';
}

/** `$'…'`: the escapes of ANSI C. */
function decodeAnsi(text: string): string {
  const escape = /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,6})|([0-7]{1,3})|([\s\S]))/g;
  let decoded = '';
  let end = 0;
  for (const found of text.matchAll(escape)) {
    const [whole, hex, short, long, octal, letter = ''] = found;
    const code = hex ?? short ?? long;
    decoded += text.slice(end, found.index);
    if (code !== undefined) decoded += codePoint(Number.parseInt(code, 16));
    else decoded += octal === undefined ? (ansi[letter] ?? letter) : codePoint(Number.parseInt(octal, 8));
    end = found.index + whole.length;
  }
  return decoded + text.slice(end);
}

const codePoint = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
