/** Scopes as ordered lists without doubles. */

export function scopesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ''))];
}

/** True when every scope of `needed` is in `granted`. */
export function covers(granted: string, needed: string): boolean {
  const have = new Set(scopesOf(granted));
  return scopesOf(needed).every((scope) => have.has(scope));
}

export function sameScopes(a: string, b: string): boolean {
  return covers(a, b) && covers(b, a);
}

/** All scopes of the given lists, in the order of the first list that names them. */
export function union(...texts: string[]): string {
  return [...new Set(texts.flatMap(scopesOf))].join(' ');
}

/** Those scopes of `text` that `ceiling` has, in the ceiling's order. */
export function within(text: string, ceiling: string): string {
  const wanted = new Set(scopesOf(text));
  return scopesOf(ceiling)
    .filter((scope) => wanted.has(scope))
    .join(' ');
}
