import isSafe from 'safe-regex2';
import type { BotDocument } from '../document.ts';
import { asJavaScript } from '../java-regex.ts';
import { interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Regular expressions must compile, and should not be of the kind that tries for ever. They are only read here, never run. */
export function checkRegexes(document: BotDocument): DocumentProblem[] {
  const entities = (document.entities ?? []).flatMap((entity, at) =>
    entity.type === 'regex' ? checkRegex(entity.regex, pointer('/entities', at, 'regex')) : [],
  );
  const rules = interactionPlaces(document)
    .flatMap(rulePlaces)
    .flatMap(({ rule: { when }, path }) =>
      when?.match === 'regex' ? checkRegex(when.regex, pointer(path, 'when', 'regex')) : [],
    );
  return [...entities, ...rules];
}

function checkRegex(regex: string, path: string): DocumentProblem[] {
  const { source, flags } = asJavaScript(regex);
  try {
    new RegExp(source, flags);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'it does not parse';
    return [error(path, `This is not a regular expression: ${why}.`)];
  }
  // The detector takes what is looked behind at for a repetition.
  if (isSafe(source.replaceAll(/\(\?<[=!]/g, '(?:'), { limit: 1_000 })) return [];
  return [
    warning(
      path,
      'A repetition inside a repetition may try for ever: it is stopped, and then nothing matches. Write it without one, as a+ for (a+)+.',
    ),
  ];
}
