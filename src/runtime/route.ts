import { initialState } from '../engine/advance.ts';
import type { Budget } from '../engine/pattern.ts';
import { groupBudget, type Understands, understands } from '../engine/route.ts';
import type { EngineState } from '../engine/state.ts';
import type { Input, Need } from '../engine/step.ts';
import {
  findPublishedBotNamed,
  moveConversation,
  type PublishedBot,
  publishedBotsOf,
} from '../store/published-bots.ts';
import type { LoadedBot } from './bots.ts';
import { recogniserOf } from './recogniser.ts';
import { note, type Turn } from './turn.ts';

type RouteNeed = Extract<Need, { type: 'route' }>;

/** Of one message: bots that hand over to each other would do so for ever. */
const mostRoutes = 5;

/**
 * Hands the conversation to another bot of the same account, in its published version, with the turn's own commit. The
 * other bot begins anew, with the variables of the session, and hears the message.
 */
export async function route(turn: Turn, need: RouteNeed): Promise<Input> {
  const { bot, group, message: text, intent } = need;
  const found = group === undefined ? await named(turn, bot) : await bestOf(turn, group, text);
  if (!found) return { type: 'not_routed', reason: reasonOf(need) };
  turn.routes = (turn.routes ?? 0) + 1;
  if (turn.routes > mostRoutes)
    return { type: 'not_routed', reason: `this message has been handed on ${mostRoutes} times` };
  await handTo(turn, found);
  return { type: 'message', text, at: turn.rooms.world.clock.now(), ...(intent !== null && { intent }) };
}

function reasonOf({ bot, group }: RouteNeed): string {
  return group === undefined
    ? `the account has no published bot with the id or name "${bot}"`
    : `no other bot of the group "${group}" understands it`;
}

async function named(turn: Turn, idOrName: string): Promise<LoadedBot | undefined> {
  const { db } = turn.rooms;
  const found = idOrName === '' ? undefined : await findPublishedBotNamed(db, turn.conversation.account_id, idOrName);
  return found && (await load(turn, found));
}

function load(turn: Turn, { id, published }: PublishedBot): Promise<LoadedBot> {
  return turn.rooms.bots.version(id, published);
}

/** Bots of a group that are asked about one message. */
const mostAsked = 20;

/** By pattern before intent; among equals the first by name. Intents are each bot's own: no recogniser elsewhere is asked. */
async function bestOf(turn: Turn, group: string, text: string): Promise<LoadedBot | undefined> {
  const { account_id, bot_id } = turn.conversation;
  const heard = { text, budget: groupBudget() };
  let best: { bot: LoadedBot; by: Understands } | undefined;
  let asked = 0;
  for (const published of await publishedBotsOf(turn.rooms.db, account_id)) {
    const bot = published.id === bot_id ? undefined : await load(turn, published);
    if (bot?.document.group !== group || asked === mostAsked) continue;
    asked += 1;
    // Each may take some milliseconds: others have their turn in between.
    await new Promise((next) => setImmediate(next));
    const by = await understoodBy(bot, heard);
    if (by && (!best || isBetter(by, best.by))) best = { bot, by };
  }
  return best?.bot;
}

async function understoodBy(
  { compiled, document }: LoadedBot,
  { text, budget }: { text: string; budget: Budget },
): Promise<Understands | undefined> {
  const { starters } = compiled.intents;
  const understanding = starters.size > 0 ? (await recogniserOf(document)).recognise(text) : undefined;
  return understands(compiled, { text, understanding, budget });
}

function isBetter(one: Understands, other: Understands): boolean {
  return one.by === other.by ? one.weight > other.weight : one.by === 'pattern';
}

async function handTo(turn: Turn, bot: LoadedBot): Promise<void> {
  const { bot_id, version: bot_version, document } = bot;
  const { id } = turn.conversation;
  note(turn, { kind: 'route', ...from(turn), bot_id, bot_name: document.name, bot_version });
  turn.environment = await turn.rooms.bots.environment(bot);
  turn.bot = bot;
  turn.conversation = { ...turn.conversation, bot_id, bot_version };
  const { confirming: _, continues: __, ...kept } = turn.state;
  turn.state = { ...kept, engine: begunAnew(turn.state.engine) };
  turn.writes.push((tx) => moveConversation(tx, { id, bot_id, bot_version }));
}

function from({ bot: { bot_id, version, document } }: Turn): object {
  return { from_bot_id: bot_id, from_bot_name: document.name, from_bot_version: version };
}

/** What was the other bot's own is left behind: where it waited, what it had set aside, its dialog's variables. */
function begunAnew({ variables, last_at, web_view, failed_transfers }: EngineState): EngineState {
  const { session, forever } = variables;
  const fresh = initialState();
  return {
    ...fresh,
    last_at,
    variables: { ...fresh.variables, session, forever },
    ...(web_view && { web_view }),
    ...(failed_transfers !== undefined && { failed_transfers }),
  };
}
