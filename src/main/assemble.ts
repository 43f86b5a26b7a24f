import { join } from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import { Registry } from 'prom-client';
import type { Bus } from '../bus/bus.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { addresses, type Config, withoutPassword } from '../config.ts';
import type { Delegation } from '../delegation/delegation.ts';
import { createDelegation } from '../delegation/create-delegation.ts';
import { createProviders } from '../delegation/provider.ts';
import { createEgress } from '../egress/create-egress.ts';
import type { HttpConfig } from '../http/http-config.ts';
import { createServer } from '../http/server.ts';
import { signInRoutes } from '../http/signin/sign-in-routes.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Database } from '../store/database.ts';
import { systemClock, systemRandom, type World } from '../world/world.ts';
import { failpointFrom } from './failpoint.ts';
import { openVault } from './keys.ts';
import { listenFault, listeningPort } from './listening-port.ts';
import { openConfiguredStore } from './open-configured-store.ts';
import { createServerLog } from './server-log.ts';

/** A server that is put together. */
export interface Errand {
  /** How browsers reach it. */
  url: string;
  db: Database;
  world: World;
  bus: Bus;
  runtime: Runtime;
  delegation: Delegation;
  listen(): Promise<string>;
  /** Lets turns under way end, then closes everything. */
  close(): Promise<void>;
}

export interface Extras {
  /** Further pages of the consumer's host. */
  pages?: (parts: { db: Database; webRoot: string }) => FastifyPluginAsync;
  world?: Partial<World>;
  /** Other limits than the usual ones; the bench asks more of one address than any consumer. */
  rateLimits?: HttpConfig['rateLimits'];
  /** The same for the sign-in pages. */
  pressLimits?: { link: number; address: number };
}

const webRoot = join(import.meta.dirname, '../../dist/web');

/** Puts the rooms together; nothing listens or runs before `listen`. When it cannot, what was opened is closed again. */
export async function assemble(config: Config, extras: Extras = {}): Promise<Errand> {
  // Closes what was opened, the last first; when something in between fails, too.
  const opened = new AsyncDisposableStack();
  try {
    return await open(config, extras, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function open(config: Config, extras: Extras, opened: AsyncDisposableStack): Promise<Errand> {
  const world = worldOf(config, extras);
  const { host } = config;
  const port = await listeningPort({ port: config.port, host, setting: 'ERRAND_PORT' });
  const urls = addresses(config, port);
  const db = await openConfiguredStore(config, world, { server: { pid: process.pid } });
  opened.defer(() => db.close());
  const vault = await openVault(config, db, world);
  const bus = await openBus(config, world);
  opened.defer(() => bus.close());
  const egress = createEgress({ allow: config.egressAllow, clock: world.clock, log: world.log });
  opened.defer(() => egress.close());
  const sandbox = createSandbox({ clock: world.clock, log: world.log });
  opened.defer(() => sandbox.close());
  const delegation = createDelegation({ db, vault, egress, world, bus, publicUrl: urls.publicUrl });
  const runtime = createRuntime({ world, db, vault, egress, sandbox, bus, delegation });
  const app = createServer({
    runtime,
    delegation,
    db,
    vault,
    world,
    sandbox,
    webRoot,
    metrics: new Registry(),
    config: { ...urls, trustProxy: config.trustProxy, adminKey: config.adminKey, rateLimits: extras.rateLimits },
    signIn: signInRoutes({
      pages: delegation,
      publicUrl: urls.publicUrl,
      clock: world.clock,
      ...(extras.pressLimits ? { limits: extras.pressLimits } : {}),
    }),
    providers: createProviders({ vault, egress, world }),
    ...(extras.pages ? { pages: extras.pages({ db, webRoot }) } : {}),
  });
  opened.defer(() => app.close());
  opened.defer(() => runtime.drain());
  return {
    url: urls.publicUrl,
    db,
    world,
    bus,
    runtime,
    delegation,
    async listen() {
      try {
        await app.listen({ port, host });
        await runtime.start();
      } catch (error) {
        await opened.disposeAsync();
        throw listenFault(error, { port, host, setting: 'ERRAND_PORT' });
      }
      return urls.publicUrl;
    },
    close: () => opened.disposeAsync(),
  };
}

function worldOf(config: Config, extras: Extras): World {
  const failpoint = failpointFrom(process.env.ERRAND_FAILPOINT);
  return {
    clock: systemClock,
    random: systemRandom,
    log: createServerLog(config.logLevel),
    ...(failpoint ? { failpoint } : {}),
    ...extras.world,
  };
}

async function openBus(config: Config, world: World): Promise<Bus> {
  if (config.natsUrl === undefined) return createLocalBus();
  const { createNatsBus } = await import('../bus/nats-bus.ts');
  try {
    return await createNatsBus({ url: config.natsUrl.reveal(), log: world.log });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it does not answer';
    throw new Error(`ERRAND_NATS_URL ${withoutPassword(config.natsUrl)} cannot be used: ${reason}`, { cause: error });
  }
}
