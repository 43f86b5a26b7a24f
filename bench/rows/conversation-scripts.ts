import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openOfflineHouse } from '../../src/scripts/offline-house.ts';
import { runScript } from '../../src/scripts/run-script.ts';
import { benchBots } from '../errand/bots.ts';
import { perSecond } from '../figures.ts';
import type { Measurement, Row } from '../measurement.ts';
import { median } from '../statistics.ts';

const root = join(import.meta.dirname, '../..');
const corpus = join(root, '../shared/corpus/scripts');
const turnsOfScript = 20;
const least = 2_000;
const mostSeconds = 5;

export const conversationScripts: Measurement = {
  name: 'conversation-scripts',
  async run({ quick }) {
    const rows = [await turns(quick ? 3 : 7)];
    if (existsSync(corpus)) rows.push(await wholeCorpus());
    return rows;
  },
};

/** Turns of scripts without hooks, each script in a conversation of its own. */
async function turns(rounds: number): Promise<Row> {
  const house = await openOfflineHouse();
  const bot = benchBots('https://brand.example').text;
  const script = {
    turns: Array.from({ length: turnsOfScript }, (_, at) => [
      { say: `message ${at}` },
      { expect: [{ text: `You said: message ${at}` }] },
    ]).flat(),
  };
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const scripts = 100;
    const from = performance.now();
    for (let at = 0; at < scripts; at += 1) {
      const { passed } = await runScript(house, { document: bot }, script);
      if (!passed) throw new Error('a script of the bench failed');
    }
    // The first round warms up.
    if (round > 0) rates.push((scripts * turnsOfScript * 1_000) / (performance.now() - from));
  }
  await house.close();
  const rate = median(rates);
  return {
    what: 'turns of conversation scripts, offline, one process',
    against: 'thousands of turns a second',
    ours: perSecond(rate),
    limit: perSecond(least),
    figure: rate / least,
    unit: '×',
    target: { at: 'least', figure: 1 },
  };
}

/** The process's start included. */
async function wholeCorpus(): Promise<Row> {
  const scripts = readdirSync(corpus).map((name) => join(corpus, name));
  const from = performance.now();
  const run = promisify(execFile)(process.execPath, [join(root, 'src/main.ts'), 'test', ...scripts]);
  const note = await run.then(
    () => `${scripts.length} scripts`,
    () => `${scripts.length} scripts, not all pass`,
  );
  const seconds = (performance.now() - from) / 1_000;
  const target = { at: 'most', figure: mostSeconds } as const;
  const [ours, limit] = [`${seconds.toFixed(1)} s`, `${mostSeconds} s`];
  return {
    what: 'the corpus of real bots, errand test',
    against: 'the time it may take',
    ours,
    limit,
    figure: seconds,
    unit: 's',
    target,
    note,
  };
}
