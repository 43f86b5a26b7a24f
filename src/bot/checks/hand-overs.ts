import type { BotDocument, Integration } from '../document.ts';
import { type Suggest, suggestFrom } from '../nearest-name.ts';
import { type InteractionPlace, interactionPlaces } from '../places.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Transfers need somebody who takes over, files somebody who takes them, and a bot must not hand over to itself. */
export function checkHandOvers(document: BotDocument): DocumentProblem[] {
  const integrations = new Map(document.integrations.map((integration) => [integration.name, integration]));
  const suggest = suggestFrom(integrations.keys());
  const house = { document, integrations, suggest };
  return [
    ...checkAgents(document, integrations),
    ...interactionPlaces(document).flatMap((place) => checkPlace(house, place)),
  ];
}

function checkAgents({ agents }: BotDocument, integrations: ReadonlyMap<string, Integration>): DocumentProblem[] {
  if (!agents) return [];
  const path = '/agents/integration';
  const found = integrations.get(agents.integration);
  if (!found)
    return [
      error(
        path,
        `There is no integration called "${agents.integration}".${suggestFrom(integrations.keys())(agents.integration)}`,
      ),
    ];
  return found.type === 'function'
    ? []
    : [error(path, 'Conversations are handed to people by an integration of the type "function".')];
}

/** What a hand-over may be about. */
interface House {
  document: BotDocument;
  integrations: ReadonlyMap<string, Integration>;
  suggest: Suggest;
}

function checkPlace(house: House, { interaction, path }: InteractionPlace): DocumentProblem[] {
  const { document, integrations } = house;
  if (interaction.type === 'transfer' && !document.agents)
    return [
      warning(
        path,
        'Nobody takes over: name the function integration that hands conversations to people under "agents". Until then the transfer fails.',
      ),
    ];
  if (interaction.type === 'route') return checkRoute(document, interaction.bot, pointer(path, 'bot'));
  if (interaction.type === 'file_upload')
    return checkUpload(house, interaction.integration, pointer(path, 'integration'));
  if (interaction.type !== 'integration' || integrations.get(interaction.integration)?.type !== 'file') return [];
  return [
    warning(
      pointer(path, 'integration'),
      'An integration of the type "file" is for file uploads: use an interaction of the type "file_upload".',
    ),
  ];
}

function checkRoute({ name, imported_from }: BotDocument, bot: string, path: string): DocumentProblem[] {
  if (bot !== name && bot !== imported_from?.id) return [];
  return [
    warning(
      path,
      'The bot hands the conversation to itself: name another bot, or use a next action that leads to a dialog.',
    ),
  ];
}

function checkUpload({ integrations, suggest }: House, name: string | undefined, path: string): DocumentProblem[] {
  if (name === undefined) return [warning(path, 'Nobody takes the file on: name an integration of the type "file".')];
  const found = integrations.get(name);
  if (!found) return [error(path, `There is no integration called "${name}".${suggest(name)}`)];
  return found.type === 'file' ? [] : [error(path, 'A file is taken on by an integration of the type "file".')];
}
