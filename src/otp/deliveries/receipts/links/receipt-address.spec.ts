import { canReach, readClientReference } from './receipt-address';

describe('what stands in a receipt address', () => {
  it('reads back a client reference', () => {
    expect(readClientReference('v'.repeat(22) + 'd'.repeat(22))).toEqual({
      verificationId: 'v'.repeat(22),
      deliveryId: 'd'.repeat(22),
    });
  });

  it.each(['', 'x', 'v'.repeat(43), 'v'.repeat(45), `${'v'.repeat(43)}.`, `${'v'.repeat(43)}\n`])(
    'takes nothing else for one: %j',
    (text) => expect(readClientReference(text)).toBeNull(),
  );

  // Catches: an address of our own network handed to a vendor, who then refuses the whole message.
  it.each([
    ['https://verify.example.com', 'https://api.vendor.com', true],
    ['https://verify.example.com', null, true],
    ['https://8.8.8.8:3000', null, true],
    ['http://127.0.0.1:3000', 'https://api.vendor.com', false],
    ['http://127.0.0.1:3000', null, false],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:9999', true],
    ['http://localhost:3000', 'http://localhost.:9999', true],
    ['http://[::1]:3000', 'https://api.vendor.com', false],
    ['http://sixdigit:3000', 'https://api.vendor.com', false],
    ['http://sixdigit:3000', 'http://gateway.internal/x', true],
    ['http://10.1.2.3', 'https://api.vendor.com', false],
    ['http://printer.local', 'https://api.vendor.com', false],
  ])('from %s to a gateway at %s: reachable %s', (publicUrl, gatewayUrl, expected) => {
    expect(canReach(publicUrl, gatewayUrl)).toBe(expected);
  });
});
