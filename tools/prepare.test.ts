import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let house = '';

const packages = (version: string) => ({
  packages: {
    '': { name: 'house' },
    'node_modules/a': { version },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
  },
});

function put(file: string, content: object | string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), typeof content === 'string' ? content : JSON.stringify(content));
}

/** A program in place of a real one that only notes how it was called. */
const recorder = (name: string) => `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(join(house, 'calls'))}, ['${name}', ...process.argv.slice(2), ''].join(' '));
`;

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'prepare-'));
  cpSync(import.meta.dirname, join(house, 'tools'), { recursive: true });
  put('package.json', { type: 'module' });
  put('package-lock.json', packages('1.0.0'));
  put('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
  put('node_modules/node/bin/.keep', '');
  symlinkSync(process.execPath, join(house, 'node_modules/node/bin/node'));
  put('web/chat/main.tsx', 'first');
  put(
    'node_modules/vite/bin/vite.js',
    `${recorder('vite')}import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/web', { recursive: true });
writeFileSync('dist/web/manifest.json', '{}');`,
  );
  put('path/npm', `#!${process.execPath}\n${recorder('npm')}`);
  spawnSync('chmod', ['+x', join(house, 'path/npm')]);
});

afterEach(() => rmSync(house, { recursive: true }));

/** What was called, in order. */
function prepare(...args: string[]): string {
  rmSync(join(house, 'calls'), { force: true });
  const env = { ...process.env, PATH: `${join(house, 'path')}${delimiter}${process.env.PATH}` };
  const { status, stderr } = spawnSync(process.execPath, [join(house, 'tools/prepare.mjs'), ...args], {
    env,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return existsSync(join(house, 'calls')) ? readFileSync(join(house, 'calls'), 'utf8') : '';
}

it('does nothing when every package is there; parts for other platforms may be missing', () => {
  expect(prepare()).toBe('');
});

it('installs when a package is missing or of another version', () => {
  put('package-lock.json', packages('1.0.1'));
  expect(prepare()).toContain('npm ci');
  rmSync(join(house, 'node_modules/.package-lock.json'));
  expect(prepare()).toContain('npm ci');
});

it('builds the pages once, and again when a source of theirs has changed', () => {
  expect(prepare('--web')).toContain('vite build');
  expect(prepare('--web')).toBe('');
  put('web/chat/main.test.tsx', 'a test is no source');
  expect(prepare('--web')).toBe('');
  put('src/api/event.ts', 'the contract changed');
  expect(prepare('--web')).toContain('vite build');
});

it('builds again when what was built is gone', () => {
  prepare('--web');
  rmSync(join(house, 'dist/web'), { recursive: true });
  expect(prepare('--web')).toContain('vite build');
});
