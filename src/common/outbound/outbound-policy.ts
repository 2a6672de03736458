import ipaddr from 'ipaddr.js';

/**
 * Azure's platform channel: metadata and the machine's agent answer there although the address looks public.
 * The other clouds' metadata addresses lie in ranges that are refused anyway.
 */
const AZURE_PLATFORM = '168.63.129.16';

type Block = ReturnType<typeof ipaddr.IPv6.parseCIDR>;

/** The only block of which global addresses are given out (IANA); what is special within it, ipaddr.js knows. */
const GLOBAL_UNICAST: Block = ipaddr.IPv6.parseCIDR('2000::/3');

/** ::ffff:10.0.0.1 reaches 10.0.0.1, and 64:ff9b::10.0.0.1 does so through a NAT64: the inner address decides. */
const HOLDING_IPV4: readonly Block[] = ['::ffff:0:0/96', '64:ff9b::/96'].map((text) =>
  ipaddr.IPv6.parseCIDR(text),
);

/** IPv4-compatible IPv6, for which ipaddr.js reads ::ffff:a.b.c.d. */
const IPV4_COMPATIBLE = /^::[\d.]+$/;

/**
 * Whether an address may be called from a server that must not reach into its own network. True only for
 * global unicast in its usual spelling. Private, loopback, link-local (cloud metadata), shared (CGNAT),
 * unique-local, multicast, reserved and tunnelled ranges (6to4, Teredo, IPv4-compatible, NAT64 of one's own) are
 * refused; so are zones, and IPv4 in octal, hexadecimal or fewer than four parts; and what is no address at all.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return isPublicIpv4(ipaddr.IPv4.parse(bare));
  if (bare.includes('%') || IPV4_COMPATIBLE.test(bare) || !ipaddr.IPv6.isValid(bare)) return false;
  const parsed = ipaddr.IPv6.parse(bare);
  if (HOLDING_IPV4.some((block) => parsed.match(block))) return isPublicIpv4(innerIpv4(parsed));
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}

function innerIpv4(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_PLATFORM;
}
