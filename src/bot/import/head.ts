import type { BotDocument } from '../document.ts';
import { type ForeignRecord, numberAt, recordAt, textAt } from './record.ts';
import type { Reporting } from './report.ts';

type Head = Omit<BotDocument, 'dialogs' | 'integrations' | 'intents'>;

const longestSession = 43_200;

/** What is said of the bot as a whole. */
export function headOf(json: ForeignRecord, reporting: Reporting): Head {
  const bot = recordAt(json, 'bot');
  const name = textAt(bot, 'name')?.trim() || 'Imported bot';
  const id = textAt(bot, 'id');
  const description = textAt(bot, 'description');
  const language = textAt(bot, 'language');
  const group = textAt(bot, 'transferGroupId');
  const functions = textAt(recordAt(json, 'globalFunctions'), 'methods');
  if (group)
    reporting.mapped(
      '/bot/transferGroupId',
      `The bot group "${group.slice(0, 200)}": give the other bots of the group the same.`,
    );
  return {
    format: 'errand.bot/1',
    name: reporting.fit(name, 200, '/bot/name'),
    ...(description && { description: reporting.fit(description, 20_000, '/bot/description') }),
    ...languageOf(language, reporting),
    ...sessionLength(bot, reporting),
    ...(group && { group: reporting.fit(group, 200, '/bot/transferGroupId') }),
    ...attributesOf(recordAt(bot, 'botAttributes'), reporting),
    ...(functions?.trim() && { global_functions: reporting.fit(functions, 100_000, '/globalFunctions/methods') }),
    imported_from: { ...(id && { id }), name },
  };
}

function languageOf(language: string | undefined, reporting: Reporting): Pick<Head, 'language'> {
  if (!language) return {};
  if (/^[A-Za-z0-9-]{2,35}$/.test(language)) return { language };
  reporting.ignored('/bot/language', 'This is not the tag of a language, such as en-US.');
  return {};
}

/** 0 is the default, an hour. */
function sessionLength(bot: ForeignRecord | undefined, reporting: Reporting): Pick<Head, 'session_length_minutes'> {
  const given = numberAt(bot, 'sessionLength');
  if (given === undefined && textAt(bot, 'sessionLength'))
    reporting.ignored('/bot/sessionLength', 'This is no number of minutes: a session is as long as it is by default.');
  const minutes = Math.round(given ?? 0);
  if (minutes < 1) return {};
  reporting.approximated('/bot/sessionLength', `The session length, ${minutes}, was read as minutes.`);
  return { session_length_minutes: Math.min(minutes, longestSession) };
}

function attributesOf(
  attributes: ForeignRecord | undefined,
  reporting: Reporting,
): Pick<Head, 'debug' | 'outcome_messages'> {
  const path = '/bot/botAttributes/DEFAULT_ERROR_MESSAGE';
  const debug = textAt(attributes, 'ENABLE_DEBUG') === 'true';
  const said = textAt(attributes, 'DEFAULT_ERROR_MESSAGE')?.trim();
  if (debug)
    reporting.mapped('/bot/botAttributes/ENABLE_DEBUG', 'Debugging is on: a consumer who types "reset" begins anew.');
  if (!said) return debug ? { debug } : {};
  const message = reporting.fit(said, 20_000, path);
  reporting.approximated(
    path,
    'The default error message is said when a call fails or the brand cannot be reached; other ends of calls and sign-ins keep sentences of their own.',
  );
  return { ...(debug && { debug }), outcome_messages: { failure: message, brand_unavailable: message } };
}
