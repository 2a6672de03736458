/**
 * The person's address as the caller told it (`clientIp`), made into what limits count by. It is the caller's word:
 * our own peer is the caller's server, and `X-Forwarded-For` of that call says nothing of the person. A caller that
 * copies a header which anybody may write lets anybody choose a fresh address for each call, so no limit may hang on
 * the address alone.
 */
import ipaddr from 'ipaddr.js';
import { networkOf, readIpAddress, type IpAddress } from '../common/ip-address';

/** Both in canonical form, as `network/bits`, so that one address cannot be counted under two spellings. */
export interface ClientIp {
  /** IPv4 by /32; IPv6 by /64, which one customer of a provider gets and within which addresses are free to choose. */
  readonly address: string;
  /** What one provider hands to one site or street: IPv4 by /24, IPv6 by /48. */
  readonly network: string;
}

const BITS = { ipv4: { address: 32, network: 24 }, ipv6: { address: 64, network: 48 } } as const;

/** Where IPv6 holds the IPv4 address of the person, and at which byte: by the /64 all of them would be one. */
const HOLDING_IPV4 = [
  { block: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), at: 12 }, // NAT64, SIIT-DC (RFC 6052, RFC 7755)
  { block: ipaddr.IPv6.parseCIDR('2002::/16'), at: 2 }, // 6to4 (RFC 3056)
] as const;

/** Stand for people in examples and trials, and nobody has one (RFC 5737, RFC 3849): limits must work there too. */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].map((cidr) =>
  ipaddr.parseCIDR(cidr),
);

/**
 * Null for no address, for what is none, and for one that no person on the internet can have (private, loopback,
 * link-local, shared, unique-local, multicast, reserved). Such a one is the caller's own proxy, and comes for
 * everybody: counted, one person would use up the limit of all.
 */
export function clientIpOf(text: string | null | undefined): ClientIp | null {
  const address = readPerson(text);
  if (!address) return null;
  const bits = BITS[address.kind()];
  return { address: blockOf(address, bits.address), network: blockOf(address, bits.network) };
}

/** The one address, in canonical form, for those who know more about it; null as for {@link clientIpOf}. */
export function fullClientIp(text: string | null | undefined): string | null {
  return readPerson(text)?.toString() ?? null;
}

function readPerson(text: string | null | undefined): IpAddress | null {
  const read = text ? readIpAddress(text) : null;
  const address = read && withoutTunnel(read);
  return address && isSomebodys(address) ? address : null;
}

/** IPv4 that travels inside IPv6 as what it is. */
export function withoutTunnel(address: IpAddress): IpAddress {
  if (address.kind() === 'ipv4') return address;
  const found = HOLDING_IPV4.find(({ block }) => address.match(block));
  return found ? new ipaddr.IPv4(address.toByteArray().slice(found.at, found.at + 4)) : address;
}

function isSomebodys(address: IpAddress): boolean {
  return address.range() === 'unicast' || DOCUMENTATION.some((block) => isWithin(address, block));
}

function isWithin(address: IpAddress, block: readonly [IpAddress, number]): boolean {
  return address.kind() === block[0].kind() && address.match(block[0], block[1]);
}

function blockOf(address: IpAddress, bits: number): string {
  return `${networkOf(address, bits)}/${bits}`;
}
