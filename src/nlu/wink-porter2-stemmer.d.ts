declare module 'wink-porter2-stemmer' {
  /** English words only; anything else comes back as it went in. */
  export default function stem(word: string): string;
}
