import { resolve } from 'node:path';
import { checkBudgets } from './check-budgets.ts';
import { checkFloors } from './check-floors.ts';
import { checkNamedFiles } from './check-named-files.ts';
import { type CheckCommand, type CheckOutcome, runCheck } from './outcome.ts';

/** `npm run check`: everything that can be known without running the product. Exits 1 when anything is wrong. */

const root = resolve(import.meta.dirname, '../..');
process.chdir(root);

const lastLine = (output: string) => output.trim().split('\n').at(-1)?.trim() ?? '';

const commands: CheckCommand[] = [
  {
    name: 'types',
    program: 'typescript-7/bin/tsc',
    arguments: ['--noEmit', '--pretty', 'false'],
    summary: () => 'no errors',
  },
  { name: 'lint', program: 'oxlint/bin/oxlint', arguments: ['--deny-warnings', '-f', 'unix'], summary: lastLine },
  {
    name: 'format',
    program: '@biomejs/biome/bin/biome',
    arguments: ['format', '--colors=off'],
    summary: (output) => lastLine(output.replace(/No fixes applied\.?/, '')),
  },
  { name: 'dead code', program: 'knip/bin/knip.js', arguments: ['--no-progress'], summary: () => 'none' },
];

const wanted = process.argv.slice(2);
const checks: [name: string, run: () => CheckOutcome | Promise<CheckOutcome>][] = [
  ...commands.map((command): [string, () => Promise<CheckOutcome>] => [command.name, () => runCheck(command)]),
  ['floors', () => checkFloors(root)],
  ['budgets', () => checkBudgets(root)],
  ['named files', () => checkNamedFiles(root)],
];
const unknown = wanted.filter((name) => !checks.some(([known]) => known === name));
if (unknown.length > 0) {
  console.error(`No check ${unknown.join(', ')}. There are: ${checks.map(([name]) => name).join(', ')}`);
  process.exit(2);
}

const chosen = checks.filter(([name]) => wanted.length === 0 || wanted.includes(name));
const outcomes = await Promise.all(chosen.map(([name, run]) => attempt(name, run)));
for (const { name, ok, details } of outcomes) {
  if (!ok) console.log([`── ${name}`, ...details.slice(0, 200), ''].join('\n'));
}
for (const { name, ok, summary, numbers = [] } of outcomes) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${summary}`);
  for (const line of numbers) console.log(`       ${line}`);
}
const failed = outcomes.filter((outcome) => !outcome.ok).length;
console.log(`${outcomes.length - failed} checks passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A check that breaks has failed; the others still say what they found. */
async function attempt(name: string, run: () => CheckOutcome | Promise<CheckOutcome>): Promise<CheckOutcome> {
  try {
    return await run();
  } catch (error) {
    return { name, ok: false, summary: 'broke', details: [String(error)] };
  }
}
