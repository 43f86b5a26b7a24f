import type { BotDocument, Integration } from '../document.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { flowOf, reachedFrom } from '../flow.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import type { ScriptFacts } from '../read-script.ts';
import { scriptsOf } from '../scripts-of.ts';
import { entryOf } from './reachability.ts';
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
    ...checkOrder(document, places, links),
    ...document.integrations.flatMap((integration, at) =>
      checkHeader(integration, pointer('/integrations', at), links.length > 0),
    ),
    ...checkSnippets(document, places),
  ];
}

/** The link exists once a call has been refused: no way may lead to it past every integration with a credential. */
function checkOrder(
  document: BotDocument,
  places: readonly InteractionPlace[],
  links: readonly InteractionPlace[],
): DocumentProblem[] {
  const flow = flowOf(document);
  const asking = places.filter(
    (place) => place.interaction.enabled !== false && integrationOf(document, place)?.credential !== undefined,
  );
  if (flow.anywhere && asking.length > 0) return [];
  const leads = new Map(flow.leads);
  for (const { interaction } of asking) leads.delete(interaction.id);
  const unasked = reachedFrom(leads, document.dialogs.flatMap(entryOf));
  return links
    .filter(({ interaction }) => asking.length === 0 || unasked.has(interaction.id))
    .map(({ path }) =>
      warning(
        path,
        'The sign-in link is shown here, and a way leads here on which no integration with a credential comes before it: the link will be empty.',
      ),
    );
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
  if (!linked || sendsToken(integration) || sendsOwnVariable(integration)) return [];
  return [
    warning(
      pointer(path, 'headers'),
      `If the credential is used by the recipe, the header "Authorization: Bearer ${token}" is missing; a managed credential needs none.`,
    ),
  ];
}

/** An author may keep the token in a variable of another name. */
function sendsOwnVariable({ headers = [] }: Integration): boolean {
  return headers.some(({ key, value }) => /^authorization$/i.test(key) && /\{\$botContext\./i.test(value));
}

/** The code before a call that sends the token must put what the sign-in brought where the header looks. */
function checkSnippets(document: BotDocument, places: readonly InteractionPlace[]): DocumentProblem[] {
  const scripts = scriptsOf(document);
  const byPath = new Map(scripts.map((script) => [script.path, script.read]));
  // Wherever it is read, and under whatever name of botContext.
  const isRead = scripts.some(({ read }) => read.ok && readers.some((name) => read.facts.words.has(name)));
  const calling = places.filter((place) => {
    const integration = integrationOf(document, place);
    return integration?.credential !== undefined && sendsToken(integration);
  });
  return calling
    .filter(({ path }) => {
      const before = [byPath.get(pointer(path, 'pre_process')), byPath.get('/global_functions')];
      return !before.some((read) => read && (!read.ok || (isRead && setsToken(read.facts))));
    })
    .map(missingSnippet);
}

const readers = ['getWebViewVariable', 'getWebViewVariables'];

const setsToken = ({ setsAny, sets }: ScriptFacts): boolean => setsAny || sets.includes('cidp_accessToken');

function missingSnippet({ path }: InteractionPlace): DocumentProblem {
  return warning(
    pointer(path, 'pre_process'),
    "The recipe's pre-process code, which reads getWebViewVariable('cidp_accessToken') and sets the variable cidp_accessToken to it, is missing: the call will go out without the token.",
  );
}

function integrationOf(document: BotDocument, { interaction }: InteractionPlace): Integration | undefined {
  return interaction.type === 'integration'
    ? document.integrations.find(({ name }) => name === interaction.integration)
    : undefined;
}
