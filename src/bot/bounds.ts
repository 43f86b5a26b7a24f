/** Limits of a document or export as it comes in, before anything looks at its shape. */
export interface Bounds {
  /** Levels of nesting. */
  depth: number;
  /** Objects, lists and scalars together. */
  values: number;
  /** Characters of all texts and names together. */
  characters: number;
}

export const documentBounds: Bounds = { depth: 40, values: 200_000, characters: 5_000_000 };

/** What is too much about it, or undefined. Walks without recursion, so that no nesting can exhaust the stack. */
export function beyondBounds(json: unknown, bounds: Bounds = documentBounds): string | undefined {
  let values = 0;
  let characters = 0;
  const open: { value: unknown; depth: number }[] = [{ value: json, depth: 0 }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, depth } = one;
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (depth > bounds.depth) return `nested deeper than ${bounds.depth} levels`;
    if (values > bounds.values) return `more than ${bounds.values} values`;
    if (characters > bounds.characters) return `more than ${bounds.characters} characters of text`;
    if (value === null || typeof value !== 'object') continue;
    for (const [name, inner] of Object.entries(value)) {
      characters += name.length;
      open.push({ value: inner, depth: depth + 1 });
    }
  }
  return undefined;
}
