/** `(?i)`, `(?s)` and their kin at the start. `u`, `U` and `d` are about what Java leaves out and JavaScript does not. */
const inline = /^(?:\(\?[imsuUd]+\))+/;

/** Java's names for classes of ASCII characters (`java.util.regex.Pattern`), as they stand inside brackets. */
const ascii: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  Blank: ' \\t',
  XDigit: '0-9A-Fa-f',
};
const anchors: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$' };

/** A quoted part, an escape with or without a name in braces, a possessive repetition, or a bracket; all else stays as it is. */
const token =
  /\\Q(?<quoted>[\s\S]*?)(?:\\E|$)|\\(?<escaped>[\s\S])(?:\{(?<name>\w{1,40})\})?|(?<repeated>[*+?}])\+|[[\]]/g;

/**
 * A regular expression as authors write it, in Java's way, as JavaScript takes it: flags that stand at its start are
 * `flags`, quoted parts, anchors and classes are spelt out. `\p{L}` and the like need the flag `u`, where that takes the rest.
 */
export function asJavaScript(regex: string, flags = ''): { source: string; flags: string } {
  const [found = ''] = inline.exec(regex) ?? [];
  const wanted = [...new Set([...flags, ...found.replaceAll(/[^ims]/g, '')])].join('');
  const { source, named } = spelt(regex.slice(found.length));
  return { source, flags: named && compiles(source, `${wanted}u`) ? `${wanted}u` : wanted };
}

function spelt(regex: string): { source: string; named: boolean } {
  let inClass = false;
  let named = false;
  const source = regex.replace(token, (whole, ...rest) => {
    const { quoted, escaped, name, repeated }: Groups = rest.at(-1);
    if (quoted !== undefined) return quoted.replace(inClass ? /[\\\]^-]/g : /[\\^$.*+?()[\]{}|/]/g, '\\$&');
    // It gives nothing back, which only makes it fail sooner: without the sign it matches the same, and more.
    if (repeated !== undefined) return inClass ? whole : repeated;
    if (escaped === undefined) {
      inClass = whole === '[';
      return whole;
    }
    if (name === undefined) return (inClass ? undefined : own(anchors, escaped)) ?? whole;
    const isClass = escaped === 'p' || escaped === 'P';
    const range = isClass ? own(ascii, name) : undefined;
    if (range === undefined) {
      named ||= isClass;
      return whole;
    }
    // "Not one of these" has no words inside brackets: then it stays as it is.
    if (inClass) return escaped === 'p' ? range : whole;
    return escaped === 'p' ? `[${range}]` : `[^${range}]`;
  });
  return { source, named };
}

interface Groups {
  quoted?: string;
  escaped?: string;
  name?: string;
  repeated?: string;
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function compiles(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
