import type { BotDocument, Rule } from '../document.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** A rule without conditions takes everything: what is tried after it is never taken. */
export function checkRuleOrder(document: BotDocument): DocumentProblem[] {
  return interactionPlaces(document).flatMap(checkRules);
}

function checkRules({ interaction, path }: InteractionPlace): DocumentProblem[] {
  const rules = interaction.rules ?? [];
  const all = rules.findIndex(takesAll);
  const no = rules.findIndex(isNoMatch);
  return rules.flatMap((rule, at) => {
    const place = pointer(path, 'rules', at);
    const name = rule.name ?? `number ${at + 1}`;
    if (isNoMatch(rule) && all !== -1)
      return [
        warning(
          place,
          `The rule "${name}" is never taken: the rule without conditions takes every reply. Give that one a condition, or take this one out.`,
        ),
      ];
    if (isNoMatch(rule) && at > no)
      return [warning(place, `The rule "${name}" is never taken: another one for "no match" comes before it.`)];
    if (all === -1 || at <= all || isNoMatch(rule) || rule.when?.match === 'intent' || isAboutCalls(rule)) return [];
    return [
      warning(place, `The rule "${name}" is never taken: a rule without conditions comes before it. Move it up.`),
    ];
  });
}

function takesAll({ when, variables = [] }: Rule): boolean {
  return when === undefined && variables.length === 0;
}

function isNoMatch({ when, variables = [] }: Rule): boolean {
  return when?.match === 'no_match' && variables.length === 0;
}

/** They are tried before all others. */
function isAboutCalls({ when }: Rule): boolean {
  return when?.match === 'api_result' || when?.match === 'outcome';
}
