/** Errand as it is, in a process of its own, with a commit hook and without the limits on one address. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { assemble } from '../../src/main/assemble.ts';
import { answerQuestions } from '../process.ts';
import type { BotName } from '../errand/bots.ts';
import { age } from '../errand/age.ts';
import { storm, timeCalls, timeResumes } from '../errand/calls.ts';
import { openCommitHook } from '../errand/commit-hook.ts';
import { fill } from '../errand/fill.ts';
import { runTurns, turnTimes } from '../errand/in-process.ts';
import { createMarks } from '../errand/marks.ts';
import { setUp } from '../errand/set-up.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'errand-bench-'));
process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
const adminKey = 'the-admin-key-of-the-bench';
const brand = process.env.BENCH_BRAND ?? 'http://127.0.0.1:9';
const config = readConfig({
  ERRAND_PORT: '0',
  ERRAND_DATA_DIR: dataDir,
  ERRAND_ADMIN_KEY: adminKey,
  ERRAND_EGRESS_ALLOW: new URL(brand).host,
  ERRAND_LOG_LEVEL: 'warn',
});
const plenty = 1e9;
const marks = createMarks();
const errand = await assemble(config, {
  world: { failpoint: marks.failpoint },
  pressLimits: { link: plenty, address: plenty },
  rateLimits: { conversations: plenty, messages: plenty, consumer: plenty, account: plenty, trials: plenty },
});
const url = await errand.listen();
const bots = await setUp({ url, adminKey, brand });
const setting = { errand, marks, bot: bots.order, brand };
const hook = await openCommitHook(errand.bus);

export interface Opened {
  id: string;
  token: string;
}

export type ServerQuestion =
  | { do: 'open'; bot: BotName; count: number }
  | { do: 'watch'; ids: string[] }
  | { do: 'turns'; ids: string[]; bot: BotName; inFlight: number; ms: number }
  | { do: 'times'; id: string; turns: number }
  | { do: 'calls' | 'resumes' | 'storm'; count: number }
  | { do: 'fill'; conversations: number }
  | { do: 'age'; id: string; turns: number }
  | { do: 'memory' }
  | { do: 'cpu' }
  | { do: 'where' };

answerQuestions(async (question: ServerQuestion) => {
  switch (question.do) {
    case 'open':
      return await open(question.bot, question.count);
    case 'watch':
      return hook.watch(question.ids);
    case 'turns':
      return await runTurns(errand, { ...question, bot_id: bots[question.bot] });
    case 'times':
      return await turnTimes(errand, question);
    case 'calls':
      return await timeCalls(setting, question.count);
    case 'resumes':
      return await timeResumes(setting, question.count);
    case 'storm':
      return await storm(setting, question.count);
    case 'fill':
      return await fill(errand.db, question.conversations);
    case 'age':
      return await age(errand.db, question);
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage().rss;
    case 'cpu':
      return process.cpuUsage();
    case 'where':
      return { url, hookPort: hook.port, bots };
  }
});

async function open(bot: BotName, count: number): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (let i = 0; i < count; i += 1) {
    const one = await errand.runtime.open({ bot_id: bots[bot], channel: 'web' });
    opened.push({ id: one.conversation_id, token: one.session_token });
  }
  return opened;
}
