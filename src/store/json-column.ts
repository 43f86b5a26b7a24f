/** The one cast of JSON columns: only the writer of the same query file fills them, from a value of type `T`. */
export function jsonColumn<T>(text: string): T {
  return JSON.parse(text) as T;
}
