import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listeningPort } from './listening-port.ts';

test('a taken port is named with its setting, and the free one is found', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(listeningPort({ port, host: '127.0.0.1', setting: 'ERRAND_PORT' })).rejects.toThrow(
    `ERRAND_PORT ${port} is taken: stop what uses it or set ERRAND_PORT`,
  );
  await new Promise((resolve) => other.close(resolve));
  expect(await listeningPort({ port, host: '127.0.0.1', setting: 'ERRAND_PORT' })).toBe(port);
  expect(await listeningPort({ port: 0, host: '127.0.0.1', setting: 'ERRAND_PORT' })).toBeGreaterThan(0);
});

test('an address of another machine is named with its setting', async () => {
  const place = { port: 0, host: '192.0.2.1', setting: 'ERRAND_PORT' };
  await expect(listeningPort(place)).rejects.toThrow('ERRAND_HOST 192.0.2.1 is no address of this machine');
});
