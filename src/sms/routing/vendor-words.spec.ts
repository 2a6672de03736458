import { safeReference, safeVendorCode } from './vendor-words';

const message = { to: '+34600123456', code: '471193' };

describe('a vendor’s code', () => {
  it.each([
    '30007',
    '0x45',
    'REJECTED_NOT_ENOUGH_CREDITS',
    '5.7.1',
    'not-configured',
    '2494055',
    // AWS; catches a bound that drops the words of a vendor whose table we have.
    'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
  ])('is kept as it is: %s', (code) => {
    expect(safeVendorCode(code, message)).toBe(code);
  });

  // Catches: what a vendor says about a person in the place of a code, shown to operators and kept for years.
  it.each([
    undefined,
    '',
    'The number 600 is wrong',
    'ana@example.com',
    'línea',
    'a\nb',
    '{"to":1}',
    '34600123456',
    'to-34600123456',
    '600123456',
    '471193',
    'code-471193',
    'x'.repeat(65),
  ])('is dropped when it may be something else: %p', (code) => {
    expect(safeVendorCode(code, message)).toBeNull();
  });
});

describe('a vendor’s reference', () => {
  it.each([undefined, '', 'a b', 'x'.repeat(129), 'to:34600123456', 'otp-471193'])(
    'is dropped: %p',
    (word) => {
      expect(safeReference(word, message)).toBeNull();
    },
  );

  it('is kept as it is', () => {
    expect(safeReference('SM/12:ab=', message)).toBe('SM/12:ab=');
  });
});
