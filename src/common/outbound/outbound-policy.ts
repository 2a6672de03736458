import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Azure's platform channel: metadata and the machine's agent answer there although the address looks public.
 * The other clouds' metadata addresses lie in ranges that are refused anyway.
 */
const AZURE_PLATFORM = '168.63.129.16';

/** The only block of which global addresses are given out (IANA); what is special within it, ipaddr.js knows. */
const globalUnicast = ipv6Blocks(['2000::', 3]);

/** ::ffff:10.0.0.1 reaches 10.0.0.1, and 64:ff9b::10.0.0.1 does so through a NAT64: the inner address decides. */
const holdingIpv4 = ipv6Blocks(['::ffff:0:0', 96], ['64:ff9b::', 96]);

/**
 * Whether an address may be called from a server that must not reach into its own network. True only for
 * global unicast in its usual spelling. Private, loopback, link-local (cloud metadata), shared (CGNAT),
 * unique-local, multicast, reserved and tunnelled ranges (6to4, Teredo, IPv4-compatible, NAT64 of one's own) are
 * refused; so are zones, and IPv4 in octal, hexadecimal or fewer than four parts; and what is no address at all.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (bare.includes('%')) return false;
  const family = isIP(bare);
  if (family === 4) return isPublicIpv4(ipaddr.IPv4.parse(bare));
  return family === 6 && isPublicIpv6(bare);
}

function isPublicIpv6(address: string): boolean {
  const parsed = ipaddr.IPv6.parse(address);
  if (holdingIpv4.check(address, 'ipv6'))
    return isPublicIpv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  return globalUnicast.check(address, 'ipv6') && parsed.range() === 'unicast';
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_PLATFORM;
}

function ipv6Blocks(...blocks: [net: string, prefix: number][]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of blocks) list.addSubnet(net, prefix, 'ipv6');
  return list;
}
