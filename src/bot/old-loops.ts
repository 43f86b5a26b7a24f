/** The loops over values that Conversation Builder's engine takes and JavaScript has lost. Imports nothing: the jail reads this file. */

/**
 * What may hold a parenthesis that is none, then the head of an old loop up to its list, then parentheses. What is
 * never closed goes on to its end, so that no text is looked through twice.
 */
const tokens = new RegExp(
  [
    String.raw`"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|` + '`(?:\\\\[^]|[^`\\\\])*`?',
    String.raw`\/\/.*|\/\*[^]*?(?:\*\/|$)`,
    // A division comes after a value, a regular expression after one of these.
    String.raw`\/(?<=(?:[(,=:[!&|?{};+]|\b(?:return|typeof|case|in|of))[ \t]*\/)(?:\\.|\[(?:\\.|[^\]\\\n])*\]?|[^/\\[\n])+\/?`,
    String.raw`\bfor(?<before>\s+)each(?<open>\s*\(\s*(?:(?:var|let|const)\s+)?[\w$\u0080-\uffff]+\s+)in\b`,
    String.raw`\(|\) ?`,
  ].join('|'),
  'g',
);

/**
 * The same script with `for (x of _$(list))` for each `for each (x in list)`, every line and, as far as it goes, every
 * column where it was. `_$` gives the values of anything; the jail has it. Only for text that does not parse otherwise.
 */
export function withTodaysLoops(code: string): string {
  /** Of each parenthesis that is open, whether it is a loop's own. */
  const open: boolean[] = [];
  return code.replace(tokens, (token: string, ...found: unknown[]) => {
    const head = headIn(found.at(-1));
    if (head !== undefined || token === '(') open.push(head !== undefined);
    if (token.startsWith(')') && open.pop()) return '))';
    return head ?? token;
  });
}

function headIn(groups: unknown): string | undefined {
  const { before, open } = Object(groups);
  return typeof before === 'string' ? `for${before}${open}of _$(` : undefined;
}
