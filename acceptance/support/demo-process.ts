import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `demo.json` says. */
export interface DemoInfo {
  url: string;
  account_id: string;
  api_key: string;
  bots: { id: string; name: string; mode: 'managed' | 'recipe'; chat_url: string }[];
  brand_url: string;
  users: { login: string; password: string; expects: string }[];
}

export interface DemoProcess extends DemoInfo {
  dataDir: string;
  pid: number;
  /** Everything the process printed, logs included. */
  output(): string;
  bot(mode: 'managed' | 'recipe'): DemoInfo['bots'][number];
  user(n: number): DemoInfo['users'][number];
  /** What the start page's buttons do. */
  control(action: string): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves when the process has ended, however. */
  exited: Promise<number | null>;
}

const root = join(import.meta.dirname, '../..');

export async function newDataDir(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'errand-'));
}

/** Starts the demo as a process of its own, on free ports, and waits until it has announced itself. */
export async function startDemoProcess(
  options: { dataDir?: string; env?: Record<string, string> } = {},
): Promise<DemoProcess> {
  const dataDir = options.dataDir ?? (await newDataDir());
  await rm(join(dataDir, 'demo.json'), { force: true });
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'demo'], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      ERRAND_DATA_DIR: dataDir,
      ERRAND_PORT: '0',
      ERRAND_DEMO_BRAND_PORT: '0',
      ERRAND_LOG_LEVEL: 'debug',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const output = () => printed.join('');
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const info = await announced(child, join(dataDir, 'demo.json'), output);
  return { ...info, ...handles({ child, info, exited, output }), dataDir };
}

/** The demo renames its file into place once everything answers, so its being there is the event. */
async function announced(child: ChildProcess, file: string, output: () => string): Promise<DemoInfo> {
  return await new Promise((resolve, reject) => {
    const look = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(look);
      readFile(file, 'utf8').then((text) => resolve(JSON.parse(text)), reject);
    }, 25);
    child.once('exit', (code) => {
      clearInterval(look);
      reject(new Error(`the demo ended with ${code}: ${output().slice(-2_000)}`));
    });
  });
}

function handles(at: { child: ChildProcess; info: DemoInfo; exited: Promise<number | null>; output: () => string }) {
  const { child, info, exited, output } = at;
  const find = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Error(`the demo has no ${what}`);
    return found;
  };
  return {
    pid: child.pid ?? 0,
    output,
    exited,
    bot: (mode: 'managed' | 'recipe') =>
      find(
        info.bots.find((bot) => bot.mode === mode),
        `${mode} bot`,
      ),
    user: (n: number) => find(info.users[n], `user ${n}`),
    async control(action: string) {
      const answer = await fetch(`${info.url}/demo/control`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action }),
      });
      if (!answer.ok) throw new Error(`control ${action}: ${answer.status}`);
    },
    async stop() {
      child.kill('SIGTERM');
      return await exited;
    },
  };
}
