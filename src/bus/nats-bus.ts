import { AuthorizationError, connect, type NatsConnection } from '@nats-io/transport-node';
import { type Clock, type Log, systemClock } from '../world/world.ts';
import type { Bus } from './bus.ts';
import { createLocalBus } from './local-bus.ts';

export interface NatsBusParts {
  /** `nats://…`, as in `ERRAND_NATS_URL`. */
  url: string;
  log: Log;
  clock?: Clock;
}

/** Keeps other software on the same broker out of our subjects. */
const prefix = 'errand.';
/** ms between attempts to reach a broker that is away; it is tried for ever. */
const redialWait = 1_000;

/**
 * The bus between processes. Hearers in this process are told directly, so a lost broker costs other processes time
 * and this one nothing. What is published while it is away is lost: every reader also looks at the store by itself.
 * @throws Error when the broker refuses our credentials; one that is away is dialled in the background
 */
export async function createNatsBus({ url, log, clock = systemClock }: NatsBusParts): Promise<Bus> {
  const local = createLocalBus();
  const topics = new Map<string, { hearers: number; leave: () => void }>();
  let connection: NatsConnection | undefined;
  let away = true;
  let closed = false;
  let cancelRedial = () => {};

  function join(topic: string): () => void {
    if (!connection || connection.isClosed()) return () => {};
    const subscription = connection.subscribe(prefix + topic, {
      callback: (error, message) =>
        error ? log.warn({ error: error.message }, 'a subscription broke') : local.publish(topic, message.string()),
    });
    return () => void (subscription.isClosed() || subscription.unsubscribe());
  }

  function attach(to: NatsConnection): void {
    connection = to;
    away = false;
    for (const [topic, entry] of topics) entry.leave = join(topic);
    void noteChanges(to, log, (gone) => {
      away = gone;
    });
  }

  function dialLater(error: unknown): void {
    if (closed) return;
    log.warn({ error: reasonOf(error) }, 'the broker is away; other processes hear late until it is back');
    cancelRedial = clock.alarm(redialWait, () => void redial());
  }

  async function redial(): Promise<void> {
    try {
      const to = await dial(url);
      if (closed) await to.close();
      else attach(to);
    } catch (error) {
      dialLater(error);
    }
  }

  await dial(url).then(attach, (error: unknown) => {
    if (error instanceof AuthorizationError) throw error;
    dialLater(error);
  });

  return {
    publish(topic, body) {
      if (closed) return;
      local.publish(topic, body);
      // While the broker is away its client keeps what is published in memory, without end: a wake-up is not worth that.
      if (!away && !connection?.isClosed()) connection?.publish(prefix + topic, body);
    },
    subscribe(topic, hear) {
      const stop = local.subscribe(topic, hear);
      const entry = topics.get(topic) ?? { hearers: 0, leave: join(topic) };
      topics.set(topic, entry);
      entry.hearers += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        stop();
        entry.hearers -= 1;
        if (entry.hearers > 0) return;
        entry.leave();
        topics.delete(topic);
      };
    },
    async close() {
      closed = true;
      cancelRedial();
      await local.close();
      if (connection && !connection.isClosed()) await (away ? connection.close() : connection.drain());
    },
  };
}

/** `noEcho`, because hearers in this process were told already. */
function dial(url: string): Promise<NatsConnection> {
  return connect({
    servers: url,
    name: 'errand',
    noEcho: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: redialWait,
  });
}

async function noteChanges(connection: NatsConnection, log: Log, isAway: (gone: boolean) => void): Promise<void> {
  for await (const change of connection.status()) {
    if (change.type === 'disconnect') {
      isAway(true);
      log.warn({}, 'the broker is lost; other processes hear late until it is back');
    } else if (change.type === 'reconnect') {
      isAway(false);
      log.info({}, 'the broker is back');
    } else if (change.type === 'error') {
      log.warn({ error: reasonOf(change.error) }, 'the broker reports an error');
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
