import { type ServerOptions, type ServerProcess, startServerProcess } from '../acceptance/support/server-process.ts';

/** A server under a supervisor: whenever its process dies it is started again, on the same data and the same port. */
export interface SupervisedServer {
  url: string;
  adminKey: string;
  /** What the next process dies at; undefined: at nothing by itself. */
  arm(failpoint: () => string | undefined): void;
  deaths: Death[];
  kill(): void;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when the next process is ready. */
  ready(): Promise<void>;
  output(): string;
  /** Ends it in peace; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface Death {
  /** The failpoint, or `kill`. */
  at: string;
  /** ms from the death until the next process listened. */
  back: number;
}

export async function superviseServer(options: ServerOptions): Promise<SupervisedServer> {
  let next: () => string | undefined = () => undefined;
  let armed = 'kill';
  let current = await startServerProcess(options);
  const again: ServerOptions = {
    ...options,
    port: current.port,
    dataDir: current.dataDir,
    adminKey: current.adminKey,
  };
  const deaths: Death[] = [];
  const printed: string[] = [];
  let stopping = false;
  let alive = true;
  let restarted: Promise<void> = Promise.resolve();

  async function restart(died: ServerProcess): Promise<void> {
    printed.push(died.output());
    alive = false;
    const begin = performance.now();
    const at = armed;
    const failpoint = next();
    armed = failpoint ?? 'kill';
    current = await startServerProcess(
      failpoint === undefined ? again : { ...again, env: { ...again.env, ERRAND_FAILPOINT: failpoint } },
    );
    deaths.push({ at, back: performance.now() - begin });
    alive = true;
    watch(current);
  }

  function watch(server: ServerProcess): void {
    void server.exited.then(() => {
      if (!stopping) restarted = restart(server);
    });
  }

  watch(current);
  return {
    url: current.url,
    adminKey: current.adminKey,
    deaths,
    arm(failpoint) {
      next = failpoint;
    },
    kill() {
      // One that has died by itself meanwhile died of what it was armed with; and the next one is not meant.
      if (!alive) return;
      armed = 'kill';
      void current.kill();
    },
    signal(name) {
      process.kill(current.pid, name);
    },
    async ready() {
      const before = current;
      await before.exited;
      await Promise.resolve();
      await restarted;
    },
    output: () => [...printed, current.output()].join(''),
    async stop() {
      stopping = true;
      await restarted;
      return await current.stop();
    },
  };
}
