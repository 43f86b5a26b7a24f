import { spawn } from 'node:child_process';

/** What one check found. */
export interface CheckOutcome {
  name: string;
  ok: boolean;
  /** One line for the table. */
  summary: string;
  /** Measured figures with their limits; always shown. */
  numbers?: string[];
  /** What is wrong and where; shown when the check fails. */
  details: string[];
}

export interface CheckCommand {
  name: string;
  /** A program of an installed package, by its path below `node_modules`. */
  program: string;
  arguments: string[];
  /** The summary of a good run, from what it printed. */
  summary(output: string): string;
}

/** Runs a checking program of another project on this Node; its exit code decides. */
export function runCheck(command: CheckCommand): Promise<CheckOutcome> {
  const { name, program } = command;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`node_modules/${program}`, ...command.arguments], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    child.stdout.on('data', (part) => (output += part));
    child.stderr.on('data', (part) => (output += part));
    child.on('error', (error) => resolve({ name, ok: false, summary: error.message, details: [] }));
    child.on('close', (code) => {
      const ok = code === 0;
      const details = ok ? [] : output.trimEnd().split('\n');
      resolve({ name, ok, summary: ok ? command.summary(output) : `exit ${code}`, details });
    });
  });
}
