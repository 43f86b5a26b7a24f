import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const sound = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [],
};

function close(checks: string, tests: object | string): { line: string; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'closing-'));
  const files = [join(folder, 'check.txt'), join(folder, 'tests.json')] as const;
  writeFileSync(files[0], checks);
  writeFileSync(files[1], typeof tests === 'string' ? tests : JSON.stringify(tests));
  const script = join(import.meta.dirname, 'closing-line.mjs');
  const { stdout, status } = spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { line: stdout, status };
}

const checked = 'ok   types\n7 checks passed, 0 failed\n';

it('adds checks and tests up in one line of its own', () => {
  expect(close(checked, sound)).toEqual({ line: '14 passed, 0 failed\n', status: 0 });
});

it('names what passed only when it was tried again', () => {
  const [once, twice] = [[], ['page.goto: interrupted']].map((failureMessages, at) => ({
    fullName: `sign-in ${at}`,
    status: 'passed',
    failureMessages,
  }));
  const tests = { ...sound, testResults: [{ status: 'passed', assertionResults: [once, twice] }] };
  expect(close(checked, tests)).toEqual({ line: 'tried twice: sign-in 1\n14 passed, 0 failed\n', status: 0 });
});

it.each([
  ['a failed check', '6 checks passed, 1 failed\n', sound],
  ['checks that never came to an end', 'ok   types\n', sound],
  ['a failed test', checked, { ...sound, numFailedTests: 1, success: false }],
  ['a skipped test', checked, { ...sound, numPendingTests: 1 }],
  ['a file that could not be loaded', checked, { ...sound, testResults: [{ status: 'failed', assertionResults: [] }] }],
  ['an error outside of any test', checked, { ...sound, success: false }],
  ['no tests at all', checked, { ...sound, numPassedTests: 0 }],
  ['tests that never came to an end', checked, ''],
])('fails for %s', (_name, checks, tests) => {
  const { line, status } = close(checks, tests);
  expect(line).toMatch(/^\d+ passed, 1 failed\n$/);
  expect(status).toBe(1);
});
