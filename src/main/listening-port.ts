import { createServer } from 'node:net';

export interface ListeningPlace {
  /** 0: any that is free. */
  port: number;
  host: string;
  /** The variable that sets the port, for whoever finds it taken. */
  setting: string;
}

/**
 * The port to listen on, tried before anything else is opened: a taken one ends the start at once, with its setting. The
 * addresses of links and redirect URIs must be known before the server listens, so 0 is resolved here.
 */
export function listeningPort(place: ListeningPlace): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(listenFault(error, place)));
    probe.listen(place.port, place.host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : place.port;
      probe.close(() => resolve(port));
    });
  });
}

/** What is said of a place that cannot be listened at; any other fault stays as it is. */
export function listenFault(error: unknown, { port, host, setting }: ListeningPlace): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new Error(`${setting} ${port} is taken: stop what uses it or set ${setting}`);
  if (code === 'EACCES')
    return new Error(`${setting} ${port} may not be listened on by this user: set ${setting} to 1024 or more`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(
      `ERRAND_HOST ${host} is no address of this machine: set ERRAND_HOST, such as 127.0.0.1 or 0.0.0.0`,
    );
  return error;
}
