/**
 * The lines of a stream of UTF-8 text, split at `\n` only: JSON text may hold U+2028 and U+2029, which
 * `node:readline` would split at. A stream that breaks, or a line longer than `longest` characters, ends it.
 */
export async function* lines(stream: AsyncIterable<string>, longest: number): AsyncGenerator<string, void> {
  let rest = '';
  try {
    for await (const chunk of stream) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > longest) return;
      yield* parts;
    }
  } catch {
    // A pipe breaks when the other side is killed; for the reader that is an end like any other.
  }
}
