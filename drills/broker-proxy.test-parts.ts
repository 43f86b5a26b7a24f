import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between servers and their broker, and can be lost or hang. */
export interface BrokerProxy {
  url: string;
  lost(): Promise<void>;
  /** Connections stay, and nothing comes through. */
  hang(): void;
  back(): Promise<void>;
  close(): Promise<void>;
}

const broker = new URL(process.env.ERRAND_TEST_NATS_URL ?? 'nats://127.0.0.1:4222');

/** Undefined where no broker answers. */
export async function startBrokerProxy(): Promise<BrokerProxy | undefined> {
  const probe = connect(Number(broker.port), broker.hostname);
  const answers = await Promise.race([once(probe, 'connect').then(() => true), once(probe, 'error').then(() => false)]);
  probe.destroy();
  return answers ? await proxy() : undefined;
}

async function proxy(): Promise<BrokerProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(broker.port), broker.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  let port = 0;
  async function back(): Promise<void> {
    for (const socket of sockets) socket.resume();
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  }
  async function lost(): Promise<void> {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  }
  await back();
  return {
    url: `nats://127.0.0.1:${port}`,
    back,
    lost,
    hang() {
      for (const socket of sockets) socket.pause();
    },
    close: lost,
  };
}
