import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkBudgets } from './check-budgets.ts';
import { checkFloors } from './check-floors.ts';
import { checkNamedFiles } from './check-named-files.ts';

const houses: string[] = [];

afterEach(() => {
  for (const house of houses.splice(0)) rmSync(house, { recursive: true });
});

/** A small house of its own, sound but for what is planted in it. */
function house(planted: Record<string, string>): string {
  // The real path: the cruiser compares paths as they are, and a temporary folder may be a link.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'house-')));
  houses.push(root);
  const files: Record<string, string> = {
    'package.json': '{ "type": "module", "dependencies": {} }',
    'src/world/ground.ts': 'export const ground = 0;\n',
    'src/bot/bot.ts': "import { ground } from '../world/ground.ts';\nexport const bot = ground;\n",
    'src/store/store.ts': 'export interface Store { rows: number }\n',
    'src/http/http.ts': "import { bot } from '../bot/bot.ts';\nexport const http = bot;\n",
    'src/main.ts': "import { http } from './http/http.ts';\nexport const main = http;\n",
    'web/page.ts': "import { bot } from '../src/bot/bot.ts';\nexport const page = bot;\n",
    ...planted,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  execFileSync('git', ['init', '-q'], { cwd: root });
  return root;
}

/** Names of the floor rules that the planted files break. */
async function broken(planted: Record<string, string>): Promise<string[]> {
  const { ok, details } = await checkFloors(house(planted));
  const names = new Set(details.map((line) => line.split(':')[0] ?? ''));
  expect(ok).toBe(names.size === 0);
  return [...names];
}

describe('floors', () => {
  it('has nothing against a sound house', async () => {
    expect(await broken({})).toEqual([]);
  });

  it('finds an import upward', async () => {
    const text = "import { http } from '../http/http.ts';\nexport const up = http;\n";
    expect(await broken({ 'src/bot/up.ts': text })).toContain('floor-of-bot');
  });

  it('finds an import upward of a type only', async () => {
    const text = "import type { Store } from '../store/store.ts';\nexport const rows = (store: Store) => store.rows;\n";
    expect(await broken({ 'src/api/up.ts': text })).toEqual(['floor-of-api']);
  });

  it('finds an import from a sibling', async () => {
    const text = "import type { Store } from '../store/store.ts';\nexport const rows = (store: Store) => store.rows;\n";
    expect(await broken({ 'src/vault/aside.ts': text })).toEqual(['floor-of-vault']);
  });

  it('finds a circle, also one of types only', async () => {
    const one = "import type { Two } from './two.ts';\nexport interface One { two?: Two }\n";
    const two = "import type { One } from './one.ts';\nexport interface Two { one?: One }\n";
    expect(await broken({ 'src/bot/one.ts': one, 'src/bot/two.ts': two })).toEqual(['no-cycle']);
  });

  it('finds a node: module below the engine', async () => {
    const text = "import { join } from 'node:path';\nexport const path = join('a', 'b');\n";
    expect(await broken({ 'src/bot/path.ts': text })).toEqual(['no-node-below-engine']);
  });

  it('finds a page that knows more than the contract', async () => {
    const text =
      "import type { Store } from '../src/store/store.ts';\nexport const rows = (store: Store) => store.rows;\n";
    expect(await broken({ 'web/deep.ts': text })).toEqual(['web-imports-contract-only']);
  });

  it('finds a demo brand that is no outsider, a room without a floor, and an import that leads nowhere', async () => {
    const text = "import { bot } from '../../src/bot/bot.ts';\nexport const brand = bot;\n";
    expect(await broken({ 'demo/brand/brand.ts': text })).toEqual(['brand-is-an-outsider']);
    expect(await broken({ 'src/attic/a.ts': "import { bot } from '../bot/bot.ts';\nexport const a = bot;\n" })).toEqual(
      ['known-rooms'],
    );
    expect(await broken({ 'src/bot/lost.ts': "export { lost } from './nowhere.ts';\n" })).toEqual(['resolvable']);
  });

  it('does not pass when it sees no imports at all', async () => {
    const empty = 'export const nothing = 0;\n';
    const blind = { 'src/bot/bot.ts': empty, 'src/http/http.ts': empty, 'src/main.ts': empty };
    expect((await checkFloors(house(blind))).ok).toBe(false);
  });
});

/** What the budgets have against planted files. */
function beyond(planted: Record<string, string>): string[] {
  return checkBudgets(house(planted)).details;
}

const statements = (count: number) => '  void 0;\n'.repeat(count);

describe('budgets', () => {
  it('have nothing against a sound house, and print their numbers', () => {
    const { ok, numbers } = checkBudgets(house({}));
    expect(ok).toBe(true);
    expect(numbers).toContain('direct dependencies of the server: 0 (≤ 26)');
  });

  it.each([
    ['a long file', { 'src/bot/long.ts': '// line\n'.repeat(501) }, /501 lines, at most 500/],
    ['a long UI component', { 'web/long.tsx': '// line\n'.repeat(251) }, /251 lines, at most 250/],
    ['a long function', { 'src/bot/long.ts': `export function long() {\n${statements(99)}}\n` }, /long has 101 lines/],
    ['four parameters', { 'src/bot/wide.ts': 'export const wide = (a, b, c, d) => [a, b, c, d];\n' }, /wide takes 4/],
    [
      'four deep',
      { 'src/bot/deep.ts': 'export function deep(a) {\n  if (a) for (const b of a) while (b) { if (a) return; }\n}\n' },
      /deep nests 4 deep/,
    ],
    ['any', { 'src/bot/loose.ts': 'export const loose: any = 0;\n' }, /loose\.ts:1 any/],
    ['a non-null assertion', { 'src/bot/sure.ts': 'export const sure = (a?: number) => a!;\n' }, /non-null/],
    [
      '`as` without a reason',
      { 'src/bot/cast.ts': 'export const cast = (a: unknown) => a as string;\n' },
      /`as` without/,
    ],
    ['a mock of our own module', { 'src/bot/a.test.ts': "vi.mock('./bot.ts');\n" }, /own module/],
    [
      'a test that sleeps',
      { 'src/bot/b.test.ts': 'await new Promise((resolve) => setTimeout(resolve, 100));\n' },
      /a test that sleeps/,
    ],
  ])('find %s', (_name, planted, expected) => {
    expect(beyond(planted).join('\n')).toMatch(expected);
  });

  it('find too many dependencies', () => {
    const dependencies = Object.fromEntries(Array.from({ length: 27 }, (_, place) => [`package-${place}`, '1.0.0']));
    expect(beyond({ 'package.json': JSON.stringify({ dependencies }) }).join()).toMatch(
      /of the server: 27, at most 26/,
    );
  });

  it('let pass: `as const`, a cast with its reason, three nested, else-if chains', () => {
    const text = [
      "export const kinds = ['a'] as const;",
      '// The parser has checked it.',
      'export const cast = (a: unknown) => a as string;',
      'export function chain(a: number) {',
      '  if (a === 1) return 1;',
      '  else if (a === 2) return 2;',
      '  else if (a === 3) return 3;',
      '  else if (a === 4) { for (;;) { while (a) { a; } } }',
      '  return 0;',
      '}',
      '',
    ];
    expect(beyond({ 'src/bot/fine.ts': text.join('\n') })).toEqual([]);
  });
});

it('named files: a page that names a file which is not there is wrong', () => {
  const pages = { 'README.md': 'See [how](docs/how.md).', 'CONTRIBUTING.md': 'Read.' };
  const architecture = 'The road: `src/main.ts`, then `src/http/http.ts`, then `src/gone.ts`.';
  const { details } = checkNamedFiles(house({ ...pages, 'ARCHITECTURE.md': architecture }));
  expect(details).toEqual(['ARCHITECTURE.md names src/gone.ts', 'README.md names docs/how.md']);
});
