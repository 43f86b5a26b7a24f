/** The operator's list of exact `host:port` places that may be private or loopback, such as `127.0.0.1:4400` or `[::1]:4400`. */
export type AllowList = (url: URL) => boolean;

/** Throws on an entry that is not exactly a host and a port: a typing error must not open or close a door silently. */
export function createAllowList(entries: readonly string[]): AllowList {
  const places = new Set(entries.map(placeOfEntry));
  return (url) => places.has(placeOf(url));
}

function placeOfEntry(entry: string): string {
  const url = URL.parse(`http://${entry}/`);
  const port = /:(\d{1,5})$/.exec(entry)?.[1];
  if (!url || !port || url.pathname !== '/' || /[@/?#\s*\\]/.test(entry)) {
    throw new Error(`An allow-list entry is host:port, such as 127.0.0.1:4400. Not: ${entry}`);
  }
  return placeOf(url);
}

function placeOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

/** The port of a parsed http or https URL, the scheme's own when none is written. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
