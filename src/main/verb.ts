/** One verb of the command line. */
export interface Verb {
  /** Such as `serve` or `keys rotate`. */
  name: string;
  /** One line for the list of verbs. */
  summary: string;
  /** What `--help` prints. */
  help: string;
  /** Takes the arguments after the verb and gives the exit code. Wrong use is thrown as `WrongUse`. */
  run(args: string[]): Promise<number>;
}

/** The command was called wrongly: printed with the verb's usage, exit code 2. */
export class WrongUse extends Error {}
