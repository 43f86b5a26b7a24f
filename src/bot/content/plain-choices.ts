/** What can be chosen on a channel that shows text alone, and the marks that stand for it. */

/** What can be chosen by its label or by its number. */
export interface PlainChoice {
  label: string;
  /** The title of the card it stands in, where there is one. */
  card: string;
  /** What it says; a member says it as part of what its set sends, and a card says nothing by itself. */
  says: string | undefined;
  metadata: unknown[];
  /** It is one of a set, which is sent as a whole. */
  member?: { set: string; single: boolean };
  /** It sends what was chosen of the set. */
  sends?: string;
}

export interface PlainLine {
  text: string;
  choice?: PlainChoice;
}

/** The lines as they are sent, each choice with the mark that stands for it. */
export function plainText(lines: readonly PlainLine[]): string {
  const marks = marksOf(choicesIn(lines));
  return lines
    .map(({ text, choice }) => {
      const mark = choice && marks.get(choice);
      return mark === undefined ? text : `${mark}. ${text}`;
    })
    .join('\n');
}

export function choicesIn(lines: readonly PlainLine[]): PlainChoice[] {
  return lines.flatMap(({ choice }) => choice ?? []);
}

/**
 * The number of each choice where there are several, or its letter where a label is a number itself: of one alone a number
 * may be the answer. What alone sends a set needs none: choosing of the set is sending it.
 */
export function marksOf(choices: readonly PlainChoice[]): Map<PlainChoice, string> {
  const marked = choices.filter((choice) => !isOnlySender(choice, choices));
  if (marked.length < 2) return new Map();
  const numeric = marked.some(({ label }) => /^\d+[.)]?$/.test(label));
  return new Map(marked.map((choice, at) => [choice, numeric ? letterOf(at) : String(at + 1)]));
}

/** `a` to `z`, then `aa`. */
export function letterOf(at: number): string {
  const letter = String.fromCharCode(97 + (at % 26));
  return at < 26 ? letter : letterOf(Math.floor(at / 26) - 1) + letter;
}

/** Nothing else sends its set. */
export function isOnlySender({ sends }: PlainChoice, choices: readonly PlainChoice[]): boolean {
  return sends !== undefined && choices.filter((other) => other.sends === sends).length === 1;
}
