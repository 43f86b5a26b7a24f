/** Is this a URL we may try at all? Everything that can be said before a name is resolved. */
import { isIP } from 'node:net';
import { addressKind } from './address.ts';
import { type AllowList, portOf } from './allow-list.ts';

/** One sentence for every refused address, so that a refusal tells nothing about the network behind it (SS-13). */
export const addressRefused = 'This address may not be called.';

const longest = 16_384;

/** Ports of well-known services that are not HTTP, and of HTTP surfaces that administer a machine (SS-06). */
const servicePorts = new Set([
  1080, 1433, 1434, 1521, 1719, 1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 3659, 4045, 4190,
  4222, 4444, 5060, 5061, 5432, 5433, 5672, 5900, 5984, 6000, 6379, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
  6697, 7000, 7001, 8086, 8300, 8301, 8500, 8600, 9042, 9092, 9160, 9200, 9300, 10080, 10250, 10255, 11211, 27017,
  27018, 27019, 50000,
]);

/**
 * The parsed URL, or why not. A name is resolved and checked later, by the connector.
 * Spellings that parsers read differently (tabs, backslashes, userinfo, a trailing dot) are refused outright.
 */
export function checkTarget(text: string, allowed: AllowList): URL | { refused: string } {
  if (text.length > longest) return { refused: 'The URL is too long.' };
  // The URL parser silently drops tabs and newlines and turns backslashes round.
  if (/[\s\\]/.test(text) || hasControl(text)) return { refused: 'The URL has a character that is not allowed in it.' };
  const url = URL.parse(text);
  if (!url) return { refused: 'The URL is not valid.' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { refused: 'Only http and https can be called.' };
  if (!/^https?:\/\/[^/]/i.test(text)) return { refused: 'The URL is not valid.' };
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return { refused: 'A URL with a user name cannot be called.' };
  if (text.includes('#')) return { refused: 'A URL with a fragment cannot be called.' };
  if (url.hostname.endsWith('.')) return { refused: 'A host name with a dot at its end cannot be called.' };
  if (!allowed(url) && !portAllowed(portOf(url))) return { refused: 'This port may not be called.' };
  const literal = literalAddress(url.hostname);
  if (literal && !mayCall([literal], allowed(url))) return { refused: addressRefused };
  return url;
}

/** All addresses or none: one bad record among good ones refuses the name as a whole (SS-02). */
export function mayCall(addresses: readonly string[], allowListed: boolean): boolean {
  return addresses.every((address) => {
    const kind = addressKind(address);
    return kind === 'public' || (kind === 'private' && allowListed);
  });
}

/** The address a URL's host is written as, without brackets, or undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

function portAllowed(port: number): boolean {
  return port === 80 || port === 443 || (port >= 1024 && !servicePorts.has(port));
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code === 0x7f) return true;
  }
  return false;
}
