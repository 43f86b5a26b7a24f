import { type ParseArgsConfig, parseArgs } from 'node:util';
import { WrongUse } from './verb.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads a verb's arguments; an unknown or missing one is wrong use. */
export function parse<const O extends Options>(
  args: string[],
  options: O,
  places: { least?: number; most?: number; names?: string } = {},
) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
    const { least = 0, most = 0, names = 'arguments' } = places;
    if (parsed.positionals.length < least) throw new WrongUse(`${names} missing`);
    if (parsed.positionals.length > most) throw new WrongUse(`"${parsed.positionals[most]}" is one argument too many`);
    return parsed;
  } catch (error) {
    throw error instanceof WrongUse ? error : new WrongUse(error instanceof Error ? error.message : String(error));
  }
}
