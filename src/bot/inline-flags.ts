/** `(?i)`, `(?s)` and their kin at the start. `u`, `U` and `d` are about what Java leaves out and JavaScript does not. */
const inline = /^(?:\(\?[imsuUd]+\))+/;

/** A regular expression as authors write it, in Java's way, as JavaScript takes it: flags that stand at its start are `flags`. */
export function withFlags(regex: string, flags = ''): { source: string; flags: string } {
  const [found = ''] = inline.exec(regex) ?? [];
  const wanted = new Set([...flags, ...found.replaceAll(/[^ims]/g, '')]);
  return { source: regex.slice(found.length), flags: [...wanted].join('') };
}
