import { expect, test } from 'vitest';
import { systemClock } from '../world/world.ts';
import { openSandbox, runScript, untilFull } from './sandbox.test-parts.ts';

test('while another tenant waits, one tenant’s runaways never hold all jails', async () => {
  const sandbox = openSandbox({ size: 2, clock: systemClock });
  await untilFull(sandbox);
  const ended: string[] = [];
  const runaway = (code: string) => runScript(sandbox, code, { limit_ms: 1_000, tenant: 'attacker' });
  // The first one alone takes a jail; of what waits then, the attacker's is in front.
  const flood = [
    runaway('for (;;) {} // 1'),
    runaway('for (;;) {} // 2'),
    runaway('for (;;) {} // 3'),
    runaway('for (;;) {} // 4'),
  ];
  const neighbours = Array.from({ length: 30 }, (_, i) =>
    runScript(sandbox, `${i}`, { tenant: 'neighbour', lane: `${i}` }).then(() => ended.push('neighbour')),
  );
  const fourth = flood[3]?.then(() => ended.push('runaway'));
  const third = flood[2]?.then(() => ended.push('runaway'));
  await Promise.all([...flood, ...neighbours, third, fourth]);
  // Without the rule both are served at once, and all but one or two neighbours after them.
  expect(ended.indexOf('runaway')).toBeGreaterThan(5);
});
