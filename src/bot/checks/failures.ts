import type { BotDocument, Rule } from '../document.ts';
import { outcomeGroups } from '../outcome.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import type { ScriptFacts } from '../read-script.ts';
import { scriptsOf } from '../scripts-of.ts';
import { sendsToken } from './recipe-parts.ts';

/**
 * Whoever calls should say what happens when the call fails: by a rule, or by a sentence of the bot's own. A call with a
 * managed credential is left alone: it may end in many ways, and the platform has a sentence for each.
 */
export function checkFailures(document: BotDocument): DocumentProblem[] {
  if (document.outcome_messages?.['failure'] !== undefined) return [];
  const managed = document.integrations.filter((one) => isChosen(one.credential) && !sendsToken(one));
  const spared = new Set(managed.map(({ name }) => name));
  const jumping = new Set(
    scriptsOf(document)
      .filter(({ read }) => !read.ok || jumps(read.facts))
      .map(({ path }) => path),
  );
  return interactionPlaces(document)
    .filter(({ path }) => !jumping.has(pointer(path, 'post_process')))
    .flatMap((place) => checkPlace(place, spared));
}

/** What the call brought may have been looked at there, and the flow sent on. */
function jumps({ targets, jumpsAnywhere }: ScriptFacts): boolean {
  return targets.length > 0 || jumpsAnywhere;
}

/** What an export names by its id may turn out to be no consumer's permission. */
function isChosen(credential: string | undefined): boolean {
  return credential !== undefined && !credential.startsWith('import:');
}

function checkPlace({ interaction, path }: InteractionPlace, spared: ReadonlySet<string>): DocumentProblem[] {
  if (interaction.type !== 'integration' || spared.has(interaction.integration)) return [];
  if ((interaction.rules ?? []).some(takesFailures)) return [];
  return [
    warning(
      path,
      `"${interaction.name}" has no rule for a call that fails: the consumer hears a sentence of the platform, and the dialog ends. Add a rule "api_result": "failure", or a sentence under "outcome_messages".`,
    ),
  ];
}

const failures = new Set<string>(['failure', ...Object.keys(outcomeGroups), ...Object.values(outcomeGroups).flat()]);
failures.delete('success');

/** Which of them it takes is the author's choice. */
export function takesFailures({ when }: Rule): boolean {
  if (!when) return true;
  if (when.match === 'api_result') return when.status === 'failure';
  return when.match === 'outcome' && failures.has(when.outcome);
}
