import { dirname, resolve } from 'node:path';
import type { BotDocument } from '../bot/document.ts';
import type { DocumentProblem } from '../bot/problem.ts';
import { coverageOf, type Coverage } from '../scripts/coverage.ts';
import { botFrom, UnusableBot } from '../scripts/load-bot.ts';
import { type OfflineHouse, openOfflineHouse } from '../scripts/offline-house.ts';
import { readScript } from '../scripts/read-script.ts';
import { linesOf, linesOfBroken, linesOfCoverage, outcomeOf, type ScriptOutcome } from '../scripts/report.ts';
import { runScript } from '../scripts/run-script.ts';
import type { TraceItem } from '../store/trace.ts';
import { parse } from './arguments.ts';
import { filesIn, isScript } from './json-files.ts';
import { readJson } from './read-json.ts';
import { print } from './run-server.ts';
import { type Verb, WrongUse } from './verb.ts';

export const testScripts: Verb = {
  name: 'test',
  summary: 'runs conversation scripts, offline',
  help: `errand test <script.json>… [--bot bot.json] [--coverage] [--json]

Runs each script in a fresh conversation with its bot: a simulated clock, no network, sign-ins as the script says. A
folder stands for the scripts in it. --bot is the bot of all scripts, in place of the one each names. --coverage tells
which interactions and rules no script has come to. Exits 1 when a script fails. docs/testing.md describes the format.`,
  async run(args) {
    const options = { bot: { type: 'string' }, coverage: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const places = { least: 1, most: 100_000, names: 'a conversation script is' };
    const { positionals, values } = parse(args, options, places);
    // A file that is broken is taken, too: passed over, it would look as if it had passed.
    const takes = (json: unknown) => json === undefined || isScript(json);
    const files = await filesIn(positionals, { what: 'conversation script', takes });
    const say = values.json ? () => {} : print;
    const bots = createBotFiles(values.bot);
    if (values.bot !== undefined) await bots.read(values.bot).catch(refuseBot);
    const house = await openOfflineHouse();
    try {
      const outcomes: ScriptOutcome[] = [];
      for (const file of files) outcomes.push(await runFile({ house, bots, say }, file));
      const coverage = values.coverage ? bots.coverage() : [];
      return report(outcomes, { json: values.json === true, coverage: values.coverage ? coverage : undefined });
    } finally {
      await house.close();
    }
  },
};

function refuseBot(error: unknown): never {
  throw new WrongUse(`--bot: ${messageOf(error)}`);
}

interface Running {
  house: OfflineHouse;
  bots: ReturnType<typeof createBotFiles>;
  say(lines: string[]): void;
}

async function runFile({ house, bots, say }: Running, file: string): Promise<ScriptOutcome> {
  try {
    const read = readScript(await readJson(file));
    if (!read.ok)
      return broken(
        file,
        read.faults.map(({ path, message }) => `${path || '/'} ${message}`),
        say,
      );
    const bot = await bots.of(file, read.script.bot);
    const others = await Promise.all((read.script.bots ?? []).map((other) => bots.read(resolve(dirname(file), other))));
    const documents = { document: bot.document, others: others.map(({ document }) => document) };
    const run = await runScript(house, documents, read.script);
    for (const { traces } of [bot, ...others]) traces.push(...run.trace);
    say(linesOf(file, run));
    return outcomeOf(file, run);
  } catch (error) {
    return broken(file, [messageOf(error)], say);
  }
}

function broken(script: string, problems: string[], say: (lines: string[]) => void): ScriptOutcome {
  say(linesOfBroken(script, problems));
  return { script, passed: false, expected: 'a script and a bot that can be run', got: problems };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface BotFile {
  document: BotDocument;
  traces: TraceItem[];
}

/** The bots of the scripts by file, each read once. */
function createBotFiles(given: string | undefined) {
  const byFile = new Map<string, BotFile>();

  async function read(file: string): Promise<BotFile> {
    const path = resolve(file);
    const known = byFile.get(path);
    if (known) return known;
    const tell = (missing: DocumentProblem) =>
      void process.stderr.write(`${file}: ${missing.severity} ${missing.path} ${missing.message}\n`);
    const bot = { document: botFrom(await readJson(path), tell), traces: [] };
    byFile.set(path, bot);
    return bot;
  }

  return {
    read,
    async of(script: string, bot: string | undefined): Promise<BotFile> {
      if (given !== undefined) return await read(given);
      if (bot === undefined) throw new UnusableBot('/bot is missing: the script names no bot, and --bot gives none');
      return await read(resolve(dirname(script), bot));
    },
    coverage: (): Coverage[] => [...byFile].map(([file, { document, traces }]) => coverageOf(file, document, traces)),
  };
}

function report(scripts: readonly ScriptOutcome[], how: { json: boolean; coverage: Coverage[] | undefined }): number {
  const failed = scripts.filter((one) => !one.passed).length;
  const passed = scripts.length - failed;
  const { coverage } = how;
  if (how.json) print([JSON.stringify({ passed, failed, scripts, ...(coverage && { coverage }) }, null, 2)]);
  else print([...(coverage ?? []).flatMap(linesOfCoverage), `${passed} passed, ${failed} failed`]);
  return failed > 0 ? 1 : 0;
}
