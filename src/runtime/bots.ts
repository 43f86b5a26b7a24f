import type { BotDocument, Integration } from '../bot/document.ts';
import { type Bot, compile } from '../engine/compile.ts';
import { findBotVersion, findPublishedBot } from '../store/bot-version.ts';
import type { Database } from '../store/database.ts';
import { findEnvironmentByName } from '../store/environment.ts';

/** A frozen bot version, ready to run. */
export interface LoadedBot {
  account_id: string;
  bot_id: string;
  version: number;
  document: BotDocument;
  compiled: Bot;
  integrations: ReadonlyMap<string, Integration>;
  /** Whether any of its calls needs a credential; without one no permission is ever looked up. */
  uses_credentials: boolean;
}

/** Bot versions by id and number, compiled once per process. */
export interface Bots {
  /** The version new conversations get, or undefined when there is no such bot or it was never published. */
  published(botId: string): Promise<LoadedBot | undefined>;
  version(botId: string, number: number): Promise<LoadedBot>;
  /** The variables of the environment that the bot names, as they are now: they may change under a frozen version. */
  environment(bot: LoadedBot): Promise<Record<string, string>>;
}

const keptVersions = 500;

export function createBots(db: Database): Bots {
  const loaded = new Map<string, Promise<LoadedBot>>();

  function version(botId: string, number: number): Promise<LoadedBot> {
    const key = `${botId}/${number}`;
    const known = loaded.get(key);
    if (known) return known;
    const loading = load(db, botId, number);
    loading.catch(() => loaded.delete(key));
    loaded.set(key, loading);
    const oldest = loaded.keys().next().value;
    if (loaded.size > keptVersions && oldest !== undefined) loaded.delete(oldest);
    return loading;
  }

  return {
    version,
    async environment({ account_id, document }) {
      if (document.environment === undefined) return {};
      const named = await findEnvironmentByName(db, account_id, document.environment);
      return named?.variables ?? {};
    },
    async published(botId) {
      const bot = await findPublishedBot(db, botId);
      return bot ? await version(botId, bot.published) : undefined;
    },
  };
}

async function load(db: Database, botId: string, number: number): Promise<LoadedBot> {
  const row = await findBotVersion(db, botId, number);
  if (!row) throw new Error(`bot ${botId} has no version ${number}`);
  const { document } = row;
  return {
    account_id: row.account_id,
    bot_id: botId,
    version: number,
    document,
    compiled: compile(document),
    integrations: new Map(document.integrations.map((integration) => [integration.name, integration])),
    uses_credentials: document.integrations.some((integration) => integration.credential !== undefined),
  };
}
