import type { Interaction } from '../bot/document.ts';
import type { Bot } from './compile.ts';
import { sendText, shownLookup } from './message.ts';
import { type Budget, compilePattern, normalise, stepsPerInput } from './pattern.ts';
import { isExcluded } from './pattern-set.ts';
import type { Need, Understanding } from './step.ts';
import { expand, longestText } from './template.ts';
import { need, type Onward, type Turn, warn } from './turn.ts';
import { isGood } from './understand.ts';

/** Characters of a bot's id or name and of an intent's. */
const longestName = 2_000;

/** Hands the conversation to another bot of the account. What a script has set for it wins over what the author wrote. */
export function route(turn: Turn, interaction: Extract<Interaction, { type: 'route' }>): Onward {
  const { text, delay_ms, bot, message, intent } = interaction;
  if (text !== undefined) sendText(turn, text, delay_ms ? { delay_ms } : {});
  const lookup = shownLookup(turn);
  const { bot_transfer } = turn.state;
  delete turn.state.bot_transfer;
  const written = message === undefined ? turn.state.heard.text : expand(message, lookup, longestText).text;
  return need(turn, 'after', {
    type: 'route',
    interaction_id: interaction.id,
    bot: expand(bot, lookup, longestName).text.trim(),
    message: bot_transfer?.message ?? written,
    intent: (bot_transfer?.intent ?? expand(intent ?? '', lookup, longestName).text.trim()) || null,
  });
}

/** The other bot is not there: the interaction's rules decide, as after a call that could not be made. */
export function notRouted(turn: Turn, reason: string): Onward {
  warn(turn, `the conversation was not handed over: ${reason}`);
  turn.flow = { ...turn.flow, outcome: 'misconfigured', called: 'misconfigured' };
  return 'after';
}

/** Before this bot gives up: whether another one of its group understands. Undefined: it has no group, or nobody there does. */
export function askGroup(turn: Turn): Need | undefined {
  const { group } = turn.bot.document;
  if (group === undefined || turn.flow.asked_group || turn.flow.by_platform) return undefined;
  turn.flow = { ...turn.flow, asked_group: true };
  const { interaction } = turn.flow;
  return need(turn, 'find', {
    type: 'route',
    interaction_id: interaction,
    bot: '',
    group,
    message: turn.state.heard.text,
    intent: null,
  });
}

/** How well a bot would understand a text: by pattern before intent, and by how much of it is literal or how certain it is. */
export interface Understands {
  by: 'pattern' | 'intent';
  weight: number;
}

/** What looking at all bots of a group together may cost. */
export const groupBudget = (): Budget => ({ left: stepsPerInput });

/** Undefined: nothing of the bot's starts with this text. `understanding`: what its own recogniser made of it, once asked. */
export function understands(
  bot: Bot,
  { text, understanding, budget }: { text: string; understanding?: Understanding | undefined; budget: Budget },
): Understands | undefined {
  const normal = normalise(text);
  const found = bot.matchStarter(normal, budget);
  if (found) return { by: 'pattern', weight: compilePattern(found.pattern).literals };
  const scores = (understanding?.intents ?? [])
    .filter((intent) => isGood(intent) && starts(bot, intent, (patterns) => isExcluded(patterns, normal, budget)))
    .map(({ score }) => score);
  return scores.length > 0 ? { by: 'intent', weight: Math.max(...scores) } : undefined;
}

/** The intent that a hand-over names starts one of this bot's dialogs. */
export function startsWith(bot: Bot, intent: string): boolean {
  return starts(bot, { id: intent, name: intent }, () => false);
}

type Excludes = (patterns: Parameters<typeof isExcluded>[0]) => boolean;

function starts({ intents }: Bot, intent: { id: string; name: string }, excludes: Excludes): boolean {
  const found = intents.keysOf(intent).flatMap((key) => intents.starters.get(key) ?? []);
  return found.some(({ patterns }) => !excludes(patterns));
}
