/** Characters of one message at most (`reference`: Interaction basics, the newer limit). */
const longest = 1_000;

/** A part of a text, and how long it waits for its turn. */
export interface TextPart {
  text: string;
  delay_ms?: number;
}

/** The author's own break inside a text; what follows it comes so many ms later. */
const breakTag = /tag::breakWithDelay=(\d{1,6})/;
const longestDelay = 10_000;

/** Splits a text where its author says so, and where it is too long unless that is allowed. */
export function partsOf(text: string, allowLong: boolean): TextPart[] {
  // Every second piece is a delay, of the piece after it.
  const pieces = text.split(breakTag);
  if (pieces.length === 1) return allowLong ? [{ text }] : splitText(text).map((part) => ({ text: part }));
  return pieces.flatMap((piece, at): TextPart[] => {
    if (at % 2 === 1) return [];
    const delay = at === 0 ? 0 : Math.min(Number(pieces[at - 1]), longestDelay);
    const own = piece.trim();
    const texts = allowLong ? [own] : splitText(own);
    return texts
      .filter((one) => one !== '')
      .map((one, first) => ({ text: one, ...(first === 0 && delay > 0 && { delay_ms: delay }) }));
  });
}

/** Splits a long text at word boundaries; a word longer than a message is cut, never inside a surrogate pair. */
export function splitText(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const cut = cutOf(rest);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== '' || parts.length === 0) parts.push(rest);
  return parts.filter((part) => part !== '' || text === '');
}

function cutOf(text: string): number {
  const space = text.slice(0, longest + 1).search(/\s\S*$/);
  if (space > 0) return space;
  const code = text.charCodeAt(longest - 1);
  return code >= 0xd800 && code <= 0xdbff ? longest - 1 : longest;
}
