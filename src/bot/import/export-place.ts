import type { BotDocument } from '../document.ts';
import { pointer } from '../problem.ts';
import type { ExportIndex } from './export-index.ts';

/** A part of the document and the part of the export that it was made of, both as JSON pointers. */
export interface ExportPlace {
  document: string;
  export: string;
}

/** What members are called in the export; where its lists were sorted or thinned out, the whole list is meant. */
const ofInteractions: Record<string, string> = {
  name: 'name',
  delay_ms: 'interactionDelay',
  pre_process: 'preProcessMessage',
  post_process: 'postProcessMessage',
  process_user_response: 'processUserResponse',
  rules: 'responseMatches',
  patterns: 'pattern',
  intent: 'intentId',
  replies: 'quickReplies',
  next: 'nextMessageId',
  ...Object.fromEntries(
    [
      'text',
      'buttons',
      'choices',
      'integration',
      'url',
      'tiles',
      'content',
      'sections',
      'slots',
      'accept',
      'skill',
      'agent',
      'bot',
      'message',
    ].map((name) => [name, 'content']),
  ),
};
const ofIntegrations: Record<string, string> = {
  name: 'name',
  type: 'integrationType',
  url: 'webhook',
  method: 'method',
  description: 'description',
  headers: 'headers',
  parameters: 'params',
  body: 'postBody',
  credential: 'apiCredentialsId',
  response_variable: 'responseDataVariable',
  transform: 'transformResultsScript',
  fields: 'customDataFields',
};

const ofTheBot: ExportPlace[] = [
  { document: '/global_functions', export: '/globalFunctions/methods' },
  ...['name', 'description', 'language'].map((name) => ({ document: `/${name}`, export: `/bot/${name}` })),
  { document: '/session_length_minutes', export: '/bot/sessionLength' },
  { document: '/intents', export: '/associatedIntents' },
];

/** Where each dialog, interaction and integration of the document came from. `groups` and `responders` are pointers by id. */
export function exportPlaces(
  { dialogs, integrations }: Pick<BotDocument, 'dialogs' | 'integrations'>,
  from: {
    messages: ExportIndex['messages'];
    rulePaths: ExportIndex['rulePaths'];
    groups: ReadonlyMap<string, string>;
    responders: ReadonlyMap<string, string>;
  },
): ExportPlace[] {
  const place = (document: string, path: string | undefined) =>
    path === undefined ? [] : [{ document, export: path }];
  return [
    ...ofTheBot,
    ...integrations.flatMap(({ id }, at) => place(pointer('/integrations', at), from.responders.get(id))),
    ...dialogs.flatMap(({ id, interactions }, at) => [
      ...place(pointer('/dialogs', at), from.groups.get(id)),
      ...interactions.flatMap((one, i) => {
        const path = pointer('/dialogs', at, 'interactions', i);
        const rules = (one.rules ?? []).flatMap((rule, of) =>
          place(pointer(path, 'rules', of), from.rulePaths.get(rule)),
        );
        return [...place(path, from.messages.get(one.id)?.path), ...rules];
      }),
    ]),
  ];
}

/** The places in the export of places in the document; undefined where the export has none. */
export function exportPaths(places: readonly ExportPlace[]): (path: string) => string | undefined {
  const byDocument = new Map(places.map((place) => [place.document, place.export]));
  return (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const found = byDocument.get(path.slice(0, end));
      if (found !== undefined) return within(found, path.slice(end + 1).split('/')[0] ?? '');
    }
    return undefined;
  };
}

function within(found: string, member: string): string {
  if (/\/responseMatches\/\d+$/.test(found)) return found;
  const members = found.startsWith('/responder/') ? ofIntegrations : ofInteractions;
  const known = Object.hasOwn(members, member) ? members[member] : undefined;
  return known === undefined ? found : pointer(found, known);
}
