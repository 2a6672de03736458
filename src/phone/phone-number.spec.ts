import { maskNumber } from './phone-number';

describe('the mask of a number', () => {
  it.each([
    ['+34600123456', '34', '+34*******56'],
    ['+12025550123', '1', '+1********23'],
    ['+442079460958', '44', '+44********58'],
    ['+3752912345', '375', '+375*****45'],
  ])('shows calling code and the last two digits of %s', (e164, callingCode, masked) => {
    expect(maskNumber({ e164, callingCode })).toBe(masked);
  });

  it('shows nothing but the calling code of short numbers, where two digits would leave few to guess', () => {
    expect(maskNumber({ e164: '+6834002', callingCode: '683' })).toBe('+683****');
    expect(maskNumber({ e164: '+247123456', callingCode: '247' })).toBe('+247******');
  });

  it('never has more than two digits of the subscriber, and hides at least four', () => {
    for (let length = 4; length <= 14; length++) {
      const masked = maskNumber({ e164: `+1${'7'.repeat(length)}`, callingCode: '1' });
      expect(masked).toHaveLength(length + 2);
      expect(masked.slice(2).replace(/\*/g, '').length).toBeLessThanOrEqual(2);
      expect(masked.split('*').length - 1).toBeGreaterThanOrEqual(4);
    }
  });
});
