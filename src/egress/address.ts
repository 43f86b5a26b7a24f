/** What kind of place an IP address is. The lists follow the IANA special-purpose address registries (RFC 6890 and later). */
import { BlockList, isIP } from 'node:net';

/**
 * `public`: may be called. `private`: only where the operator allow-lists the exact host and port.
 * `forbidden`: never, not even allow-listed (link-local, metadata, multicast, translation and tunnel prefixes: SS-11).
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

const privateRanges = listOf(
  ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['::1/128', 'fc00::/7'],
);

const forbiddenRanges = listOf(
  [
    '0.0.0.0/8',
    '169.254.0.0/16',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.175.48.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
    // Cloud metadata that hides outside link-local: Alibaba, Azure's wire server.
    '100.100.100.200/32',
    '168.63.129.16/32',
  ],
  [
    // Protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112.
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '2620:4f:8000::/48',
    '3fff::/20',
    // Cloud metadata inside unique local addresses: AWS, Google.
    'fd00:ec2::254/128',
    'fd20:ce::254/128',
  ],
);

/** Everything of IPv6 outside it that is not private is forbidden: mapped, compatible, NAT64, link-local, site-local, multicast, `::`. */
const globalUnicast = listOf([], ['2000::/3']);

/** Pure; anything that is not an address of one exact interface-free form is forbidden. */
export function addressKind(address: string): AddressKind {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return 'forbidden';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  // A BlockList finds an IPv4 rule inside a mapped address too, so the mapped form is refused before it is asked.
  if (family === 'ipv6' && isEmbedded(address)) return 'forbidden';
  if (forbiddenRanges.check(address, family)) return 'forbidden';
  if (privateRanges.check(address, family)) return 'private';
  return family === 'ipv4' || globalUnicast.check(address, 'ipv6') ? 'public' : 'forbidden';
}

const embedded = listOf([], ['::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48']);

function isEmbedded(address: string): boolean {
  return embedded.check(address, 'ipv6');
}

function listOf(ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4) addRange(list, range, 'ipv4');
  for (const range of ipv6) addRange(list, range, 'ipv6');
  return list;
}

function addRange(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const slash = range.lastIndexOf('/');
  list.addSubnet(range.slice(0, slash), Number(range.slice(slash + 1)), family);
}
