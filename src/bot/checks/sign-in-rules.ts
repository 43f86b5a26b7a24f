import type { BotDocument } from '../document.ts';
import { type Flow, flowOf, reachedFrom, reversed, targetOf } from '../flow.ts';
import type { InteractionPlace } from '../places.ts';
import { rulePlaces } from '../places.ts';
import { type DocumentProblem, warning } from '../problem.ts';
import { takesFailures } from './failures.ts';
import { linkExpression, offersLink, sendsToken } from './recipe-parts.ts';

/** In the recipe a call that fails leads to the sign-in link: a failure rule that leads elsewhere never signs anybody in. */
export function checkSignInRules(document: BotDocument): DocumentProblem[] {
  const { places, leads, entries, anywhere } = flowOf(document);
  const links = places.filter(offersLink);
  const tokens = new Set(document.integrations.filter(sendsToken).map(({ name }) => name));
  if (links.length === 0 || anywhere) return [];
  const leading = reachedFrom(
    reversed(leads),
    links.map(({ interaction }) => interaction.id),
  );
  return places.flatMap((place) => {
    const { interaction } = place;
    if (interaction.type !== 'integration' || !tokens.has(interaction.integration)) return [];
    return checkRules(entries, place, leading);
  });
}

/** One of the rules for failures is enough: others may be about other ends. Without any, another check has its say. */
function checkRules(
  entries: Flow['entries'],
  place: InteractionPlace,
  leading: ReadonlySet<string>,
): DocumentProblem[] {
  const rules = rulePlaces(place).filter(({ rule }) => takesFailures(rule));
  const reach = rules.some(({ rule }) => targetOf(entries, place, rule.then).some((id) => leading.has(id)));
  const [first] = rules;
  if (reach || !first) return [];
  return [
    warning(
      first.path,
      `When the call fails, this leads nowhere near the sign-in link: let it go to the question whose button has ${linkExpression}.`,
    ),
  ];
}
