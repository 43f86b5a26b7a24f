import type { BotDocument, Dialog } from '../../src/bot/document.ts';
import { advance, initialState } from '../../src/engine/advance.ts';
import { compile } from '../../src/engine/compile.ts';
import type { Facts } from '../../src/engine/step.ts';
import { ms } from '../figures.ts';
import type { Measurement } from '../measurement.ts';
import { percentile } from '../statistics.ts';

const facts: Facts = {
  conversation_id: 'conv',
  consumer_id: 'cons',
  account_id: 'acct',
  bot_id: 'bot',
  channel: 'web',
  locale: 'en-US',
  environment: {},
};

/** The engine's own time for a turn, effects not counted: a bot of 500 dialogs with 2,000 interactions and 2,500 patterns. */
export const engineTurn: Measurement = {
  name: 'engine-turn',
  async run({ quick }) {
    const from = performance.now();
    const bot = compile(large());
    const compiled = performance.now() - from;
    const times = turnTimes(bot, quick ? 5_000 : 20_000);
    const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
    return [
      {
        what: 'a turn of the engine, bot of 2,000 interactions, p99',
        against: 'its p50',
        ours: ms(p99),
        limit: ms(p50),
        figure: p99,
        unit: 'ms',
        target: { at: 'most', figure: 2 },
        note: `the longest: ${ms(Math.max(...times))}; the bot was compiled in ${ms(compiled)}`,
      },
    ];
  },
};

function turnTimes(bot: ReturnType<typeof compile>, turns: number): number[] {
  const times: number[] = [];
  let state = initialState();
  for (let at = 0; at < turns; at += 1) {
    const text = said(at);
    const from = performance.now();
    const step = advance({ bot, facts }, state, { type: 'message', text, at });
    times.push(performance.now() - from);
    ({ state } = step);
  }
  // The first tenth warms up.
  return times.slice(turns / 10);
}

/** A question for a dialog, its answer, and long talk that no dialog is for. */
function said(at: number): string {
  if (at % 3 === 0) return `tell me about topic${(at * 7) % 500} please`;
  return at % 3 === 1 ? 'yes, go on' : `${'what is it with this thing that I have been waiting for '.repeat(4)}${at}`;
}

function large(): BotDocument {
  const dialogs = Array.from({ length: 500 }, (_, at) => dialog(`topic${at}`));
  return { format: 'errand.bot/1', name: 'Large', dialogs, integrations: [] };
}

function dialog(topic: string): Dialog {
  const patterns = [topic, `*${topic}*`, `(hi|hello) ${topic}`, `*help*with*${topic}*`];
  return {
    id: topic,
    name: topic,
    type: 'standard',
    interactions: [
      {
        id: `${topic}/start`,
        name: `${topic} start`,
        type: 'starter',
        patterns: [...patterns, `(what|where|how) is (my|the) ${topic}*`],
      },
      { id: `${topic}/text`, name: `${topic} text`, type: 'text', text: `About ${topic}: {$userMessage}` },
      {
        id: `${topic}/ask`,
        name: `${topic} ask`,
        type: 'text_question',
        text: 'More?',
        rules: [
          { when: { match: 'pattern', patterns: ['yes*', '(sure|ok)'] }, then: { go: 'next' } },
          { when: { match: 'pattern', patterns: ['no*'] }, then: { go: 'end' } },
        ],
      },
      { id: `${topic}/more`, name: `${topic} more`, type: 'text', text: 'More.' },
    ],
  };
}
