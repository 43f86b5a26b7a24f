import { documentIn } from '../bot/answered-document.ts';
import { checkDocument, type DocumentProblem } from '../bot/check.ts';
import type { BotDocument } from '../bot/document.ts';
import { importLivePerson, isLivePersonExport } from '../bot/import/import-liveperson.ts';

/** A bot that cannot be run, with what to mend. */
export class UnusableBot extends Error {}

/** What an export's unnamed credential for the consumer's token is called. */
const recipeCredential = { name: 'Consumer sign-in', mode: 'recipe' };

/**
 * A bot document, also within what the API answers, or what a LivePerson export becomes; then `tell` is told what the
 * document lacks of the export. Throws `UnusableBot`.
 */
export function botFrom(given: unknown, tell: (missing: DocumentProblem) => void = () => {}): BotDocument {
  const json = documentIn(given);
  if (isLivePersonExport(json)) {
    const { document, warnings } = importLivePerson(json, { credentials: [recipeCredential] });
    warnings.forEach(tell);
    return document;
  }
  const checked = checkDocument(json);
  if (checked.ok) return checked.document;
  const [first] = checked.problems.filter(({ severity }) => severity === 'error');
  const more = checked.problems.length > 1 ? ` (and ${checked.problems.length - 1} more: see errand check)` : '';
  throw new UnusableBot(
    `the bot cannot run: ${first?.path || '/'} ${first?.message ?? 'it is no bot document'}${more}`,
  );
}
