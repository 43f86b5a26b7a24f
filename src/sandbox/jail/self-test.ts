/** Proves, from the inside, that the jail holds: every door is tried, and one that opens makes the jail unfit. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';

/** What each door did: `refused`, or how it opened. */
export type DoorReport = Record<string, string>;

/** The permission model throws at once for some doors and reports through an event for others; both carry this code. */
const refusal = 'ERR_ACCESS_DENIED';
type Settle = (error: unknown) => void;

const doors: Record<string, (settle: Settle) => void> = {
  read: (settle) => settle(readFileSync('/etc/passwd').length),
  read_self: (settle) => settle(readFileSync('/proc/self/environ').length),
  write: (settle) => settle(writeFileSync('/tmp/errand-jail-probe', '')),
  spawn: (settle) => settle(spawnSync(process.execPath, ['--version']).error),
  worker: (settle) => settle(new Worker('', { eval: true }).threadId),
  tcp: (settle) => void connect(9, '127.0.0.1', () => settle('connected')).on('error', settle),
  unix: (settle) => void connect('/var/run/docker.sock', () => settle('connected')).on('error', settle),
  listen: (settle) =>
    void createServer()
      .on('error', settle)
      .listen(0, () => settle('listening')),
  udp: (settle) => void createSocket('udp4').on('error', settle).send('x', 9, '127.0.0.1', settle),
  dns: (settle) => lookup('localhost', settle),
};

/** Tries every door; `refused` everywhere means that the jail holds. */
export async function tryDoors(): Promise<DoorReport> {
  const report: DoorReport = { environment: Object.keys(process.env).length === 0 ? 'refused' : 'not empty' };
  for (const [name, open] of Object.entries(doors)) report[name] = await tryDoor(open);
  return report;
}

function tryDoor(open: (settle: Settle) => void): Promise<string> {
  return new Promise((resolve) => {
    const settle: Settle = (error) => resolve(isRefusal(error) ? 'refused' : `open (${describe(error)})`);
    try {
      open(settle);
    } catch (error) {
      settle(error);
    }
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === refusal;
}

function describe(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
