import type { BotDocument } from '../document.ts';
import { type Suggest, suggestFrom } from '../nearest-name.ts';
import { type DocumentProblem, error, warning } from '../problem.ts';
import { scriptFunctions } from '../script-functions.ts';
import { type ScriptPlace, scriptsOf } from '../scripts-of.ts';

const known = new Set(scriptFunctions);

/** Scripts must parse; what they call of `botContext` should exist. Nothing is run. */
export function checkScripts(document: BotDocument): DocumentProblem[] {
  const suggest = suggestFrom(known);
  return scriptsOf(document).flatMap((script) => checkScript(script, suggest));
}

function checkScript({ read, path }: ScriptPlace, suggest: Suggest): DocumentProblem[] {
  if (!read.ok && read.unread)
    return [
      warning(path, 'The script is too large to be read here, with those before it: it is run, but was not checked.'),
    ];
  if (!read.ok)
    return [error(path, `The script does not parse, at line ${read.line}, column ${read.column}: ${read.message}.`)];
  return read.facts.functions
    .filter(({ name }) => !known.has(name))
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .map(({ name, line, column }) =>
      warning(
        path,
        `botContext has no function "${name.slice(0, 100)}" (line ${line}, column ${column}): the script stops there.${suggest(name)}`,
      ),
    );
}
