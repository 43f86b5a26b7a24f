/** A server for the test that kills it: it says its jail's process id and then that a script loops in there. Argument: the leash. */
import type { ChildProcess } from 'node:child_process';
import { silentLog, systemClock } from '../world/world.ts';
import { createSandbox } from './create-sandbox.ts';
import { startJailedProcess } from './jail.ts';
import { type Leash, leashed } from './leash.ts';

const leash: Leash = process.argv[2] === 'kernel' ? 'kernel' : 'processor_time';
const jails: ChildProcess[] = [];
const start = leashed(leash, (file, args) => {
  const jail = startJailedProcess(file, args);
  jails.push(jail);
  return jail;
});
// It never kills a runaway itself: what ends the jail is its leash.
const clock = { ...systemClock, alarm: () => () => {} };
const sandbox = createSandbox({ clock, log: silentLog, size: 1, start });
const run = (code: string) => sandbox.run({ api: 'bot', tenant: 'a', input: { code } });

await run('1');
// The engine does not interrupt this one.
void run('var a = []; a.length = 4294967295; a.reverse()');
process.stdout.write(`${jails[0]?.pid}\n`);
