import ipaddr from 'ipaddr.js';

/**
 * Azure's platform channel: metadata and the machine's agent answer there although the address looks public.
 * The other clouds' metadata addresses lie in ranges that are refused anyway.
 */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * Whether an address may be called from a server that must not reach into its own network. True only for
 * global unicast; private, loopback, link-local (cloud metadata), shared (CGNAT), unique-local, multicast,
 * reserved and tunnelled ranges are refused, and what is not an address at all.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (!ipaddr.isValid(bare)) return false;
  const parsed = ipaddr.parse(bare);
  if (parsed instanceof ipaddr.IPv4) return isPublicIpv4(parsed);
  // ::ffff:10.0.0.1 reaches 10.0.0.1, and 64:ff9b::10.0.0.1 does so through a NAT64: the inner address decides.
  if (parsed.isIPv4MappedAddress()) return isPublicIpv4(parsed.toIPv4Address());
  if (parsed.range() === 'rfc6052') return isPublicIpv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  return parsed.range() === 'unicast';
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_PLATFORM;
}
