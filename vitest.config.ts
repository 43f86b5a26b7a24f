import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', 'dist/**', 'data/**'];

/**
 * What the browser's driver says when a busy machine did what it had not expected at that moment: a navigation came in between, a
 * window was gone. In CI such a test is tried once more, and `.ci/run` names it. Nothing else is tried twice: neither a failed
 * assertion nor a time that ran out, which is how something missing on a page shows.
 */
const driverFailed =
  /^(?:browser|browserContext|page|frame|locator|elementHandle|request|response|route)\.\w+: (?!Timeout )/;

/**
 * Three projects, one after the other, so that the timing of one does not disturb another on a small machine:
 * `unit` beside the sources, `acceptance` with whole processes and a browser, `drills` with kills and volume.
 * Drills read `process.env.ERRAND_DRILL_VOLUME`: `small` here and in CI, `full` with `npm run drill`.
 */
export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    env: { ERRAND_DRILL_VOLUME: mode === 'full' ? 'full' : 'small' },
    // What is polled for comes; how soon is not what a poll is about, and a second is little on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,web,demo,tools,bench,bin}/**/*.test.{ts,tsx}', 'acceptance/hostile/**/*.test.ts'],
          exclude: never,
          testTimeout: 20_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          include: ['acceptance/**/*.test.ts'],
          exclude: [...never, 'acceptance/hostile/**'],
          testTimeout: 90_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          retry: process.env['CI'] ? { count: 1, condition: driverFailed } : 0,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'drills',
          include: ['drills/**/*.test.ts'],
          exclude: never,
          testTimeout: mode === 'full' ? 1_800_000 : 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
}));
