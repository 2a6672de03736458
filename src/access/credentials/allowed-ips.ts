import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [address: Address, prefixLength: number];

/** Bits that an IPv4 address has in front of it when it is written as IPv6 (`::ffff:192.0.2.1`). */
const MAPPED_PREFIX_BITS = 96;

/**
 * The canonical form of an address or CIDR range, or null when it is neither. IPv4 written as IPv6 becomes
 * IPv4; shortened and octal forms (`10.1`, `012.0.0.1`), on which programs disagree, are refused, as are zones.
 */
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

function contains([network, bits]: Range, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function parseRange(text: string): Range | null {
  const [host = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0 || !isStrictAddress(host)) return null;
  const address = ipaddr.process(host);
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

function isStrictAddress(host: string): boolean {
  if (host.includes('%')) return false;
  return ipaddr.IPv4.isValidFourPartDecimal(host) || (host.includes(':') && ipaddr.IPv6.isValid(host));
}

function networkOf(address: Address, bits: number): string {
  const cidr = `${address.toString()}/${bits}`;
  return address.kind() === 'ipv4'
    ? ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()
    : ipaddr.IPv6.networkAddressFromCIDR(cidr).toString();
}
