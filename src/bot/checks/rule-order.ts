import type { BotDocument, Rule } from '../document.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import { coveredBy } from './covered-rules.ts';

/** What is tried after a rule that takes everything, or all that it would, is never taken. */
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
    const covering = isNoMatch(rule) ? undefined : coveredBy(rules, at);
    if (covering)
      return [
        warning(
          place,
          `The rule "${name}" is never taken: "${covering.name ?? `number ${rules.indexOf(covering) + 1}`}" before it takes all that it would. Move it up, or take one of them out.`,
        ),
      ];
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
