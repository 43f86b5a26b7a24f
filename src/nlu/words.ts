/** Texts as words, in any language that Intl.Segmenter can take apart. */

/** Of a consumer's text: characters and words that are looked at. */
export const longestText = 2_000;
export const mostWords = 300;
const longestWord = 60;

/** A stretch of the text: a word, a space, a sign. */
export interface Segment {
  /** As it was written. */
  written: string;
  /** For comparing: lower case, compatibility forms unified, white space as one space. */
  folded: string;
  isWord: boolean;
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Where the language is unknown to the runtime, its default rules serve. */
export function segmentsOf(text: string, language: string): Segment[] {
  const segments: Segment[] = [];
  for (const { segment, isWordLike } of segmenterFor(language).segment(text.slice(0, longestText)))
    segments.push({ written: segment, folded: fold(segment), isWord: isWordLike === true });
  return segments;
}

/** The words of a text without their accents, the longest of them cut. */
export function wordsOf(text: string, language: string): string[] {
  return segmentsOf(text, language)
    .filter(({ isWord }) => isWord)
    .slice(0, mostWords)
    .map(({ folded }) => withoutAccents(folded).slice(0, longestWord));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ');
}

function withoutAccents(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}

const mostSegmenters = 50;

function segmenterFor(language: string): Intl.Segmenter {
  const known = segmenters.get(language);
  if (known) return known;
  if (segmenters.size >= mostSegmenters) segmenters.clear();
  const made = newSegmenter(language);
  segmenters.set(language, made);
  return made;
}

function newSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: 'word' });
  } catch {
    return new Intl.Segmenter(undefined, { granularity: 'word' });
  }
}
