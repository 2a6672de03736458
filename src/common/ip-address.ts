import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * An address in its usual spelling, or null. IPv4 written as IPv6 (`::ffff:192.0.2.1`) becomes IPv4; shortened and
 * octal forms (`10.1`, `012.0.0.1`), on which programs disagree, are refused, as are zones (`fe80::1%eth0`).
 */
export function readIpAddress(text: string): IpAddress | null {
  if (text.includes('%')) return null;
  const isStrict =
    ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
  return isStrict ? ipaddr.process(text) : null;
}

/** The first address of the block of this size around it, in canonical form. */
export function networkOf(address: IpAddress, bits: number): string {
  const bytes = address.toByteArray().map((byte, index) => byte & maskAt(index, bits));
  return ipaddr.fromByteArray(bytes).toString();
}

/** Of the byte at this index, the bits that belong to the network. */
function maskAt(index: number, bits: number): number {
  const ours = Math.min(8, Math.max(0, bits - index * 8));
  return (0xff << (8 - ours)) & 0xff;
}
