/** What people write where a secret belongs. Nothing in it repeats what repeats: whatever was pasted is read in one go. */
const patterns = /^(?:\$\{?\w+\}?|<.*>|\[.*\]|\{.*\}|\.{3}|x{3,}|\*{3,}|your[-_ ].*|.*[-_ ]here|change[-_ ]?me|todo)$/i;
/** `yourKeyHere`, `YOURAPITOKEN`: words without a digit, of which the first says whose it would be. */
const yours = /^your[A-Za-z]{1,60}$/i;

/** A text that only stands in place of a secret. */
export function isPlaceholder(text: string): boolean {
  const value = text.trim();
  return patterns.test(value) || yours.test(value);
}
