import { networkOf, readIpAddress, type IpAddress } from '../../common/ip-address';

type Range = readonly [address: IpAddress, prefixLength: number];

/** Bits that an IPv4 address has in front of it when it is written as IPv6 (`::ffff:192.0.2.1`). */
const MAPPED_PREFIX_BITS = 96;

/** The canonical form of an address or CIDR range, or null when it is neither; see {@link readIpAddress}. */
export function canonicalRange(text: string): string | null {
  const range = parseRange(text);
  if (!range) return null;
  const [address, bits] = range;
  return text.includes('/') ? `${networkOf(address, bits)}/${bits}` : address.toString();
}

/** A test for the addresses from which a key may be used. An empty list allows every address. */
export function ipMatcher(allowed: readonly string[]): (ip: string) => boolean {
  if (allowed.length === 0) return () => true;
  const ranges = allowed.map(parseRange).filter((range) => range !== null);
  return (ip) => {
    const address = parseRange(ip)?.[0];
    return address !== undefined && ranges.some((range) => contains(range, address));
  };
}

function contains([network, bits]: Range, address: IpAddress): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function parseRange(text: string): Range | null {
  const [host = '', prefix, ...rest] = text.split('/');
  const address = readIpAddress(host);
  if (rest.length > 0 || !address) return null;
  const maxBits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return [address, maxBits];
  const isMapped = host.includes(':') && address.kind() === 'ipv4';
  const bits = prefixLength(prefix) - (isMapped ? MAPPED_PREFIX_BITS : 0);
  return bits >= 0 && bits <= maxBits ? [address, bits] : null;
}

/** NaN, which is in no range, for what is no number. */
function prefixLength(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : NaN;
}
