/**
 * Ties a jail to its server, so that none outlives it: the watchdog that kills a runaway sits in the server, and some of
 * the engine's loops can be ended by nothing but a kill.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { StartProcess } from './jail.ts';

/**
 * `kernel`: Linux kills the jail the moment its server ends. `processor_time`: other Unixes end it once it has used
 * so much processor time in all. `none`: only a script that the engine can interrupt ends by itself.
 */
export type Leash = 'kernel' | 'processor_time' | 'none';

/** s of processor time; a jail is replaced long before it has worked for so long (`pool.ts`). */
const longestWork = 60;
const shell = '/bin/sh';
/** A shell adds variables of its own, and a jail has none. */
const emptyEnvironment = '/usr/bin/env -i';

/** The strongest leash that can be had here. Tried, because not every `setpriv` knows the option. */
export function bestLeash(): Leash {
  const tried = spawnSync(setpriv, [...dieWithParent, setpriv, '--version'], { env: {}, stdio: 'ignore' });
  if (tried.status === 0) return 'kernel';
  return existsSync(shell) ? 'processor_time' : 'none';
}

const setpriv = '/usr/bin/setpriv';
const dieWithParent = ['--pdeathsig', 'KILL', '--'];

/** Starts programs on a leash. Both kinds become the program itself, so its process id and pipes are the jail's own. */
export function leashed(leash: Leash, start: StartProcess): StartProcess {
  if (leash === 'kernel') return (file, args) => start(setpriv, [...dieWithParent, file, ...args]);
  if (leash === 'none') return start;
  return (file, args) =>
    start(shell, ['-c', `ulimit -t ${longestWork}; exec ${emptyEnvironment} "$0" "$@"`, file, ...args]);
}
