import type { BotDocument, Integration } from '../document.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import { offersLink, sendsToken, tokenExpression as token } from './recipe-parts.ts';

/**
 * The recipe of LivePerson's page has parts in several places that only work together: the link, the header, the
 * pre-process snippet, and the integration before the button. A document without any of them is not looked at.
 */
export function checkRecipe(document: BotDocument): DocumentProblem[] {
  const places = interactionPlaces(document);
  const links = places.filter(offersLink);
  const headers = document.integrations.some(sendsToken);
  if (links.length === 0 && !headers) return [];
  return [
    ...links.flatMap((place) => checkOrder(document, places, place)),
    ...document.integrations.flatMap((integration, at) =>
      checkHeader(integration, pointer('/integrations', at), links.length > 0),
    ),
    ...places.flatMap((place) => checkSnippet(document, place)),
  ];
}

/** The link exists once a call has been refused, so an integration with a credential must come first. */
function checkOrder(
  document: BotDocument,
  places: readonly InteractionPlace[],
  { interaction, dialog, at, path }: InteractionPlace,
): DocumentProblem[] {
  const asks = (place: InteractionPlace): boolean => integrationOf(document, place)?.credential !== undefined;
  const jumps = (place: InteractionPlace): boolean =>
    JSON.stringify([place.interaction.rules, place.interaction.next]).includes(JSON.stringify(interaction.id));
  if (places.some((place) => asks(place) && ((place.dialog === dialog && place.at < at) || jumps(place)))) return [];
  return [
    warning(
      path,
      'The sign-in link is shown here, but no integration with a credential comes before it: the link will be empty.',
    ),
  ];
}

function checkHeader(integration: Integration, path: string, linked: boolean): DocumentProblem[] {
  if (integration.credential === undefined)
    return sendsToken(integration)
      ? [
          warning(
            pointer(path, 'credential'),
            'The header sends the consumer access token, but the integration names no credential: nobody will be asked to sign in.',
          ),
        ]
      : [];
  if (!linked || sendsToken(integration)) return [];
  return [
    warning(
      pointer(path, 'headers'),
      `If the credential is used by the recipe, the header "Authorization: Bearer ${token}" is missing; a managed credential needs none.`,
    ),
  ];
}

function checkSnippet(document: BotDocument, place: InteractionPlace): DocumentProblem[] {
  const integration = integrationOf(document, place);
  if (!integration || integration.credential === undefined || !sendsToken(integration)) return [];
  if (
    place.interaction.pre_process?.includes('cidp_accessToken') ||
    document.global_functions?.includes('cidp_accessToken')
  )
    return [];
  return [
    warning(
      pointer(place.path, 'pre_process'),
      "The recipe's pre-process code, which sets cidp_accessToken, is missing: the call will go out without the token.",
    ),
  ];
}

function integrationOf(document: BotDocument, { interaction }: InteractionPlace): Integration | undefined {
  return interaction.type === 'integration'
    ? document.integrations.find(({ name }) => name === interaction.integration)
    : undefined;
}
