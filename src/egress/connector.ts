/** Opens connections for undici: resolves the name itself, checks every address, and connects to exactly those (X3, SS-02). */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { Clock, Log } from '../world/world.ts';
import { type AllowList, portOf } from './allow-list.ts';
import { addressRefused, literalAddress, mayCall } from './target.ts';

/** All addresses of a host name. Rejects or gives none when there are none. */
export type Resolve = (host: string) => Promise<string[]>;

/** The guard refused; nothing was connected. */
export class AddressRefused extends Error {
  constructor() {
    super(addressRefused);
    this.name = 'AddressRefused';
  }
}

export interface ConnectorParts {
  allowed: AllowList;
  resolve: Resolve;
  clock: Clock;
  log: Log;
  /** PEM certificates trusted beside the system's, for a brand with a certification authority of its own. */
  ca: readonly string[];
}

/** Names, TCP and TLS together, in ms. */
const connectMs = 3_000;
const mostAddresses = 8;

export function createConnector(parts: ConnectorParts): buildConnector.connector {
  const trusted = parts.ca.length === 0 ? {} : { ca: [...getCACertificates('default'), ...parts.ca] };
  return (options, callback) => {
    const attempt = oneAnswer(callback);
    const cancel = parts.clock.alarm(connectMs, () => attempt.fail(new Error('No connection in time.')));
    attempt.whenAnswered(cancel);
    checkedAddresses(parts, options).then(
      (addresses) => {
        if (attempt.answered()) return;
        const connect = buildConnector({
          ...trusted,
          allowH2: false,
          // Explicit, so that no environment variable switches the verification off (SS-08).
          rejectUnauthorized: true,
          maxCachedSessions: 0,
          timeout: 0,
          autoSelectFamily: true,
          lookup: fixedLookup(addresses),
        });
        attempt.holds(openSocket(connect, options, attempt.done));
      },
      (error: Error) => attempt.fail(error),
    );
  };
}

async function checkedAddresses(parts: ConnectorParts, options: buildConnector.Options): Promise<string[]> {
  const bracketed = isIP(options.hostname) === 6 ? `[${options.hostname}]` : options.hostname;
  const url = new URL(`${options.protocol}//${bracketed}:${options.port || ''}`);
  const literal = literalAddress(url.hostname);
  const addresses = literal ? [literal] : await parts.resolve(url.hostname);
  if (addresses.length === 0) throw new Error('The name has no address.');
  if (!mayCall(addresses, parts.allowed(url))) {
    parts.log.warn(
      { host: url.hostname, port: portOf(url), addresses: addresses.slice(0, mostAddresses) },
      'egress refused an address',
    );
    throw new AddressRefused();
  }
  return addresses.slice(0, mostAddresses);
}

/** A lookup that knows only the checked addresses: what was checked is what is connected to. */
function fixedLookup(addresses: readonly string[]): LookupFunction {
  const records = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all) return callback(null, records);
    const first = records[0];
    return first ? callback(null, first.address, first.family) : callback(new Error('The name has no address.'), '', 0);
  };
}

/** `localhost` names never go to a name server (RFC 6761 6.3): nobody else may say where they lead. */
export const systemResolve: Resolve = async (host) => {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const records = await systemLookup(host, { all: true, order: 'verbatim' });
  return records.map((record) => record.address);
};

/** undici's connector returns its socket although its type does not say so; it is needed to end a connection that takes too long. */
function openSocket(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  callback: buildConnector.Callback,
): Socket | undefined {
  const returned: unknown = connect(options, callback);
  return isSocket(returned) ? returned : undefined;
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'destroy' in value;
}

/** Calls back once, whoever is first: the socket, the guard or the deadline; a socket that comes too late is closed. */
function oneAnswer(callback: buildConnector.Callback) {
  let open = true;
  let socket: Socket | undefined;
  let after = () => {};
  const close = () => {
    open = false;
    after();
  };
  return {
    answered: () => !open,
    whenAnswered(run: () => void) {
      after = run;
    },
    holds(opened: Socket | undefined) {
      socket = opened;
    },
    fail(error: Error) {
      if (!open) return;
      close();
      socket?.destroy();
      callback(error, null);
    },
    done(...result: Parameters<buildConnector.Callback>) {
      if (!open) {
        result[1]?.destroy();
        return;
      }
      close();
      callback(...result);
    },
  };
}
