import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newDataDir } from './demo-process.ts';

/** A plain `errand serve`, as an operator runs it: a process of its own, spoken to over HTTP only. */
export interface ServerProcess {
  /** How browsers reach it. */
  url: string;
  port: number;
  adminKey: string;
  dataDir: string;
  pid: number;
  /** Everything the process printed, logs included. */
  output(): string;
  /** Resolves with the exit code when the process has ended, however; null after a kill. */
  exited: Promise<number | null>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** As `stop`, and what it stored is gone. */
  stopAndForget(): Promise<void>;
}

export interface ServerOptions {
  /** `host:port` places that it may call although they are on loopback. */
  egressAllow?: string[];
  /** That of an earlier process: what it stored goes on. */
  dataDir?: string;
  /** That of an earlier process: links and redirect URIs stay the same. Default: any free one. */
  port?: number;
  adminKey?: string;
  env?: Record<string, string>;
}

const root = join(import.meta.dirname, '../..');

/** Starts the server and waits until it says that it listens. Rejects with all it printed when it ends instead. */
export async function startServerProcess(options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const adminKey = options.adminKey ?? randomBytes(24).toString('base64url');
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve'], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      ERRAND_DATA_DIR: dataDir,
      ERRAND_PORT: String(options.port ?? 0),
      ERRAND_ADMIN_KEY: adminKey,
      ERRAND_EGRESS_ALLOW: (options.egressAllow ?? []).join(','),
      ERRAND_LOG_LEVEL: 'trace',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  const output = () => printed.join('');
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // A test that fails half way leaves no server behind.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  void exited.then(() => process.off('exit', end));
  const url = await listening(child, printed, exited).catch(async (error: unknown) => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    url,
    port: Number(new URL(url).port),
    adminKey,
    dataDir,
    pid: child.pid ?? 0,
    output,
    exited,
    async stop() {
      child.kill('SIGTERM');
      return await exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stopAndForget() {
      child.kill('SIGTERM');
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess, printed: string[], exited: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      printed.push(chunk.toString());
      const url = /^Errand listens at (\S+)$/m.exec(printed.join(''))?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    void exited.then((code) => reject(new Error(`errand serve ended with ${code}: ${printed.join('').slice(-2_000)}`)));
  });
}
