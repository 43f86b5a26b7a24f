/**
 * A secret text that cannot be printed by accident: `toString`, `toJSON` and Node's `inspect` all give `•••`.
 * Only `reveal()` gives the text, so every use is one search away (I7, TK-13).
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The plain text. Call it at the last moment: for the outgoing header, or to seal it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return mask;
  }
}

/** What a secret looks like wherever people can see it. */
export const mask = '•••';
