import { canonicalRange, ipMatcher } from './allowed-ips';

describe('canonicalRange', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:ffff::1/64', '2001:db8::/64'],
  ])('writes %s as %s', (text, canonical) => expect(canonicalRange(text)).toBe(canonical));

  it.each([
    '',
    'example.com',
    '10.1',
    '012.0.0.1',
    '0x7f.0.0.1',
    '192.0.2.256',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/8/8',
    '::ffff:192.0.2.0/95',
    '2001:db8::/129',
    'fe80::1%eth0',
    '3232235777',
  ])('refuses %p', (text) => expect(canonicalRange(text)).toBeNull());
});

describe('ipMatcher', () => {
  const allows = ipMatcher(['192.0.2.0/24', '198.51.100.7', '2001:db8::/64']);

  it.each(['192.0.2.0', '192.0.2.255', '198.51.100.7', '2001:db8::abcd', '::ffff:192.0.2.9'])(
    'allows %s',
    (ip) => expect(allows(ip)).toBe(true),
  );

  it.each(['192.0.3.0', '198.51.100.8', '2001:db8:0:1::1', '::1', '', 'unknown'])('does not allow %p', (ip) =>
    expect(allows(ip)).toBe(false),
  );

  it('allows every address when none is named, and none when no entry can be read', () => {
    expect(ipMatcher([])('203.0.113.1')).toBe(true);
    expect(ipMatcher(['broken'])('203.0.113.1')).toBe(false);
  });
});
