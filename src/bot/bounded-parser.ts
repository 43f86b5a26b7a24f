/** The parser of scripts, with an end to its work: it looks through lists, so some scripts cost more than their length. */
import { Parser, type Program } from 'acorn';

/** What may still be read, in characters of plain code. */
export interface Allowance {
  left: number;
}

/** All scripts of a document together: about a second. */
export const mostOfDocument = 1_000_000;

export class TooLarge extends Error {}

/** Names that are compared in the time in which one character is read. */
const namesPerCharacter = 400;

/** Throws `TooLarge` when the allowance is used up, and what acorn throws. */
export function parseWithin(allowance: Allowance, code: string): Program {
  spend(allowance, code.length);
  return new BoundedParser(allowance, code).parse();
}

function spend(allowance: Allowance, characters: number): void {
  allowance.left -= characters;
  if (allowance.left < 0) throw new TooLarge();
}

type Inherited = (this: Parser, ...given: unknown[]) => unknown;

function inherited(name: string): Inherited {
  const found: unknown = Reflect.get(Parser.prototype, name);
  if (typeof found !== 'function') throw new TypeError(`acorn has no ${name}`);
  // Any function may be called with anything.
  return found as Inherited;
}

const base = {
  declareName: inherited('declareName'),
  parseLabeledStatement: inherited('parseLabeledStatement'),
  validateRegExpPattern: inherited('validateRegExpPattern'),
};

/** Counts before each step of acorn's whose cost grows with what was read before. Its types do not tell of them. */
class BoundedParser extends Parser {
  declare readonly scopeStack: readonly Record<'var' | 'lexical' | 'functions', readonly string[]>[];
  declare readonly labels: readonly unknown[];
  private readonly allowance: Allowance;

  constructor(allowance: Allowance, code: string) {
    super({ ecmaVersion: 'latest', sourceType: 'script', locations: true }, code);
    this.allowance = allowance;
  }

  declareName(...given: unknown[]): unknown {
    let names = 0;
    for (const scope of this.scopeStack) names += scope.var.length + scope.lexical.length + scope.functions.length + 1;
    spend(this.allowance, names / namesPerCharacter);
    return base.declareName.apply(this, given);
  }

  parseLabeledStatement(...given: unknown[]): unknown {
    spend(this.allowance, (4 * this.labels.length) / namesPerCharacter);
    return base.parseLabeledStatement.apply(this, given);
  }

  validateRegExpPattern(state: { source: string }): unknown {
    // Groups of the same name are compared with each other.
    spend(this.allowance, (state.source.length / 100) ** 2);
    return base.validateRegExpPattern.call(this, state);
  }
}
