import { Errors } from 'typebox/value';
import { BotSettings } from '../../api/bot.ts';
import { BotDocument } from '../../bot/document.ts';
import { exportMembers } from '../../bot/import/members.ts';
import { Problem } from '../../world/problem.ts';
import { invalidPlaces } from '../invalid-places.ts';
import { type DocumentReading, readBotDocument, type ReadDocument } from './bot-document.ts';
import { inexactOrigin, placesOf } from './safe-url.ts';

export interface BotChange {
  read?: ReadDocument;
  name?: string;
  embed_origins?: string[];
}

/**
 * A document or an export as it is, with `embed_origins` beside its members or none, or settings around one. Throws
 * `invalid_body` or `invalid_document`.
 */
export async function readBotBody(body: Record<string, unknown>, reading: DocumentReading): Promise<BotChange> {
  if (isBareDocument(body)) {
    const { embed_origins, ...document } = body;
    const rest = embed_origins === undefined ? {} : readSettings({ embed_origins });
    return { ...rest, read: await readBotDocument(document, reading) };
  }
  const { document: given, ...rest } = readSettings(body);
  if (given === undefined) return rest;
  if (isBareDocument(given)) return { ...rest, read: await readBotDocument(given, reading) };
  const detail = 'must be a bot document ("format": "errand.bot/1") or a LivePerson export';
  throw new Problem('invalid_body', 'The document is neither kind.', [{ pointer: '/document', detail }]);
}

/** Members that a document or an export has and no setting is called like. One of them says what the body is meant to be. */
const ownMembers = new Set(
  [...Object.keys(BotDocument.properties), ...exportMembers.read].filter(
    (name) => !Object.hasOwn(BotSettings.properties, name),
  ),
);

/** Whether the body is a document itself, right or wrong, and not settings around one. */
export const isBareDocument = (body: object): boolean =>
  !('document' in body) && Object.keys(body).some((name) => ownMembers.has(name));

function readSettings(body: Record<string, unknown>): BotSettings {
  const places = invalidPlaces(Errors(BotSettings, body));
  if (places.length > 0) {
    const detail =
      'The body is neither a bot document ("format": "errand.bot/1"), nor a LivePerson export, nor settings around one.';
    throw new Problem('invalid_body', detail, places);
  }
  const settings: BotSettings = body;
  const inexact = (settings.embed_origins ?? []).flatMap((origin, i) =>
    placesOf(`/embed_origins/${i}`, inexactOrigin(origin)),
  );
  if (inexact.length > 0) throw new Problem('invalid_body', 'The origins are not exact.', inexact);
  return settings;
}

/** What a new bot cannot do without. */
export function requireDocument(change: BotChange): ReadDocument {
  if (change.read) return change.read;
  const detail = 'required: "errand.bot/1"';
  throw new Problem('invalid_document', 'A bot needs a document.', [{ pointer: '/format', detail }]);
}

export const nameOf = (change: BotChange, document: BotDocument): string => change.name ?? document.name;
