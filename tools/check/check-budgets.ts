import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckOutcome } from './outcome.ts';
import { readSyntax, type SyntaxFacts } from './syntax.ts';

export const budgets = {
  file: { median: 100, p95: 300, most: 500, component: 250 },
  function: { p95: 60, most: 100 },
  depth: 3,
  parameters: 3,
  mocksPerHundredTests: 10,
  serverDependencies: 26,
  widgetDependencies: 2,
} as const;

export interface Source extends SyntaxFacts {
  file: string;
}

/** The numbers of ARCHITECTURE.md's budgets, and everything beyond them. `root` is an absolute path. */
export function checkBudgets(root: string): CheckOutcome {
  const sources = sourceFiles(root).map((file) => ({
    file,
    ...readSyntax(file, readFileSync(join(root, file), 'utf8')),
  }));
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return judge(sources, Object.keys(manifest.dependencies ?? {}).length);
}

/** The same over sources already read. */
export function judge(sources: readonly Source[], serverDependencies: number): CheckOutcome {
  const product = sources.filter((source) => !isTest(source.file));
  const fileLines = product.map((source) => source.lines);
  const functionLines = product.flatMap((source) => source.functions.map((found) => found.lines));
  const tests = sum(sources.map((source) => source.tests));
  const mocks = sum(sources.map((source) => source.mocks));
  const casts = product.flatMap((source) => source.casts);
  const widget = new Set(sources.filter(isWidget).flatMap((source) => source.packages));
  const limits: [name: string, value: number, limit: number][] = [
    ['lines of a file, median', percentile(fileLines, 50), budgets.file.median],
    ['lines of a file, 95th percentile', percentile(fileLines, 95), budgets.file.p95],
    ['lines of a function, 95th percentile', percentile(functionLines, 95), budgets.function.p95],
    ['mocks per 100 tests', tests === 0 ? mocks : Math.round((mocks / tests) * 100), budgets.mocksPerHundredTests],
    ['direct dependencies of the server', serverDependencies, budgets.serverDependencies],
    ['direct dependencies of the widget', widget.size, budgets.widgetDependencies],
  ];
  const over = limits.filter(([, value, limit]) => value > limit);
  const details = [
    ...over.map(([name, value, limit]) => `${name}: ${value}, at most ${limit}`),
    ...sources.flatMap(breaches),
  ];
  return {
    name: 'budgets',
    ok: details.length === 0,
    summary: `${product.length} files, ${functionLines.length} functions, ${tests} tests, ${details.length} beyond budget`,
    numbers: [
      ...limits.map(([name, value, limit]) => `${name}: ${value} (≤ ${limit})`),
      `longest file: ${Math.max(0, ...fileLines)} (≤ ${budgets.file.most})`,
      `longest function: ${Math.max(0, ...functionLines)} (≤ ${budgets.function.most})`,
      `type assertions: ${casts.length}, without a reason: ${casts.filter((cast) => !cast.reasoned).length} (0)`,
    ],
    details,
  };
}

/** What is wrong with one file by itself. */
function breaches(source: Source): string[] {
  const { file, lines, functions, anys, nonNulls, casts, ownMocks, sleeps } = source;
  const isProduct = !isTest(file);
  const longest = /^web\/.*\.tsx$/.test(file) && isProduct ? budgets.file.component : budgets.file.most;
  const at = (places: number[], text: string) => places.map((line) => `${file}:${line} ${text}`);
  const found = functions.flatMap(({ name, line, lines: length, parameters, depth }) => [
    ...(isProduct && length > budgets.function.most ? [`${file}:${line} ${name} has ${length} lines`] : []),
    ...(parameters > budgets.parameters ? [`${file}:${line} ${name} takes ${parameters} positional parameters`] : []),
    ...(depth > budgets.depth ? [`${file}:${line} ${name} nests ${depth} deep`] : []),
  ]);
  const unreasoned = isProduct ? casts.filter((cast) => !cast.reasoned).map((cast) => cast.line) : [];
  return [
    ...(lines > longest ? [`${file} has ${lines} lines, at most ${longest}`] : []),
    ...found,
    ...at(anys, 'any'),
    ...at(nonNulls, 'a non-null assertion'),
    ...at(unreasoned, '`as` without a comment that gives its reason'),
    ...at(ownMocks, 'a mock of our own module'),
    ...at(isProduct ? [] : sleeps, 'a test that sleeps: wait for what it waits for'),
  ];
}

/** Tracked and new files alike, as git sees them; without git (an archive), nothing can be measured and that is an error. */
function sourceFiles(root: string): string[] {
  const listing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  return listing
    .split('\0')
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith('.d.mts') && existsSync(join(root, file)));
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$|test-parts|^(acceptance|drills)\//.test(file);
}

function isWidget({ file }: Source): boolean {
  return file.startsWith('web/') && !file.startsWith('web/studio/') && !isTest(file);
}

/** The smallest value that at least this share of the values does not exceed; 0 of nothing. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
