import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { networkOf, readIpAddress } from './ip-address';

const read = (text: string) => {
  const address = readIpAddress(text);
  if (!address) throw new Error(`${text} is no address`);
  return address;
};

describe('the network of an address', () => {
  it.each([
    ['203.0.113.77', 32, '203.0.113.77'],
    ['203.0.113.77', 24, '203.0.113.0'],
    ['203.0.113.77', 25, '203.0.113.0'],
    ['203.0.113.177', 25, '203.0.113.128'],
    ['203.0.113.77', 0, '0.0.0.0'],
    ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2::'],
    ['2001:db8:1:2ff:3:4:5:6', 57, '2001:db8:1:280::'],
    ['2001:db8:1:2:3:4:5:6', 128, '2001:db8:1:2:3:4:5:6'],
  ])('%s within /%i is %s', (text, bits, network) => {
    expect(networkOf(read(text), bits)).toBe(network);
  });

  it('is what the library makes of the block', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(32), (text, bits) => {
        const expected = ipaddr.IPv4.networkAddressFromCIDR(`${text}/${bits}`).toString();
        expect(networkOf(read(text), bits)).toBe(expected);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(128), (bytes, bits) => {
        const address = ipaddr.fromByteArray([...bytes]);
        const expected = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString();
        expect(networkOf(address, bits)).toBe(expected);
      }),
    );
  });
});
