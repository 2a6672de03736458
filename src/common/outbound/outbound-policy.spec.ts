import { guardedLookup, ForbiddenAddressError } from './guarded-lookup';
import { isPublicAddress } from './outbound-policy';

describe('isPublicAddress', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, other', '127.255.255.254'],
    ['unspecified', '0.0.0.0'],
    ['private 10/8', '10.1.2.3'],
    ['private 172.16/12', '172.31.255.255'],
    ['private 192.168/16', '192.168.0.1'],
    ['link-local and cloud metadata', '169.254.169.254'],
    ['shared (CGNAT) and Alibaba metadata', '100.100.100.200'],
    ['protocol assignments and Oracle metadata', '192.0.0.192'],
    ['documentation', '203.0.113.7'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['the platform channel of Azure', '168.63.129.16'],
    ['loopback v6', '::1'],
    ['loopback v6 in brackets', '[::1]'],
    ['unspecified v6', '::'],
    ['link-local v6', 'fe80::1'],
    ['link-local v6 with zone', 'fe80::1%eth0'],
    ['unique-local v6 and AWS metadata', 'fd00:ec2::254'],
    ['multicast v6', 'ff02::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped private, hexadecimal', '::ffff:a00:1'],
    ['NAT64 of a private address', '64:ff9b::10.0.0.1'],
    ['6to4 of a private address', '2002:a00:1::'],
    ['Teredo', '2001::1'],
    ['documentation v6', '2001:db8::1'],
    ['documentation v6, new', '3fff::1'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['IPv4-compatible loopback, dotted', '::127.0.0.1'],
    ['IPv4-compatible, whatever it holds', '::8.8.8.8'],
    ['IPv4-mapped loopback in full', '0:0:0:0:0:FFFF:7F00:0001'],
    ['IPv4-translated loopback', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback, hexadecimal', '64:ff9b::7f00:1'],
    ['NAT64 of the metadata service', '64:ff9b::a9fe:a9fe'],
    ['local-use NAT64', '64:ff9b:1::7f00:1'],
    ['local-use NAT64, whatever it ends in', '64:ff9b:1:a00:1::808:808'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['6to4, whatever it holds', '2002:808:808::1'],
    ['Teredo with a public server', '2001:0:808:808::1'],
    ['site-local v6', 'fec0::1'],
    ['discard v6', '100::1'],
    ['segment routing', '5f00::1'],
    ['what nobody has been given yet', '4000::1'],
    ['a public address with zone', '2606:4700::1111%eth0'],
    ['decimal loopback', '2130706433'],
    ['decimal, public', '134744072'],
    ['hexadecimal loopback', '0x7f000001'],
    ['hexadecimal loopback in parts', '0x7f.0.0.1'],
    ['octal loopback', '0177.0.0.1'],
    ['octal that reads as public', '010.8.8.8'],
    ['loopback in two parts', '127.1'],
    ['loopback with a dot at the end', '127.0.0.1.'],
    ['loopback in full-width digits', '１２７.0.0.1'],
    ['localhost', 'localhost'],
    ['localhost with a dot at the end', 'localhost.'],
    ['a name', 'example.org'],
    ['nothing', ''],
  ])('refuses %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '185.3.92.1',
    '172.32.0.1',
    '2606:4700::1111',
    '[2606:4700::1111]',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('allows %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('guardedLookup', () => {
  const lookup = guardedLookup((_hostname, _options, callback) =>
    callback(null, [
      { address: '10.0.0.1', family: 4 },
      { address: '8.8.8.8', family: 4 },
      { address: '::1', family: 6 },
      { address: '2606:4700::1111', family: 6 },
    ]),
  );

  it('keeps only the public addresses of a name', () => {
    const done = jest.fn();
    lookup('gateway.example', { all: true }, done);
    expect(done).toHaveBeenCalledWith(null, [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('returns the first public address when one is asked for', () => {
    const done = jest.fn();
    lookup('gateway.example', {}, done);
    expect(done).toHaveBeenCalledWith(null, '8.8.8.8', 4);
  });

  it('fails when every address is private', () => {
    const done = jest.fn();
    guardedLookup((_hostname, _options, callback) => callback(null, [{ address: '10.0.0.1', family: 4 }]))(
      'gateway.example',
      { all: true },
      done,
    );
    expect(done.mock.calls[0][0]).toBeInstanceOf(ForbiddenAddressError);
  });
});
