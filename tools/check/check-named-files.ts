import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckOutcome } from './outcome.ts';

const pages = ['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'];

/** The files that pages for newcomers name are there, so that their road is never one through walls. */
export function checkNamedFiles(root: string): CheckOutcome {
  const missing = pages.filter((page) => !existsSync(join(root, page))).map((page) => `${page} is missing`);
  const named = pages.filter((page) => existsSync(join(root, page))).flatMap((page) => namedIn(root, page));
  const details = [
    ...missing,
    ...named.filter(({ path }) => !existsSync(join(root, path))).map(({ page, path }) => `${page} names ${path}`),
  ];
  return {
    name: 'named files',
    ok: details.length === 0,
    summary: `${named.length} paths named in ${pages.join(', ')}, ${details.length} missing`,
    details,
  };
}

/** `` `src/x/y.ts` `` and [text](docs/x.md): whatever looks like a path of this project. */
function namedIn(root: string, page: string): { page: string; path: string }[] {
  const text = readFileSync(join(root, page), 'utf8');
  const quoted = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)].map(([, path = '']) => path);
  const linked = [...text.matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, path = '']) => path);
  const roots = /^(src|web|demo|acceptance|bench|drills|docs|tools|bin|\.ci)\//;
  return [...quoted.filter((path) => roots.test(path)), ...linked].map((path) => ({ page, path }));
}
