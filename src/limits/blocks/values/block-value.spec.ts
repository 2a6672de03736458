import { readCountry, readPrefix, readRange, shownRange, tellsNumber } from './block-value';

const valueOf = (read: ReturnType<typeof readRange>) => ('value' in read ? read.value : null);

describe('the value of an entry', () => {
  it.each([
    ['es', 'ES'],
    ['ES', 'ES'],
    ['XX', null],
    ['Spain', null],
    ['ſs', null],
    ['', null],
  ])('that is the country %p is %p', (text, country) => expect(valueOf(readCountry(text))).toBe(country));

  it.each([
    ['192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/32', '192.0.2.7/32'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
    ['::FFFF:C000:0207', '192.0.2.7/32'],
    ['64:ff9b::192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
    ['2001:DB8:0:0::1', '2001:db8::1/128'],
    ['2001:db8::1/64', '2001:db8::/64'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.256', null],
    ['192.0.2', null],
    ['0300.0.2.7', null],
    ['192.0.2.7/33', null],
    ['fe80::1%eth0', null],
    ['office', null],
    ['', null],
  ])('that is the address %p is %p', (text, range) => expect(valueOf(readRange(text))).toBe(range));

  it('shows a single address as people write it, and a network with its length', () => {
    expect(['192.0.2.7/32', '2001:db8::1/128', '192.0.2.0/24', '2001:db8::/32'].map(shownRange)).toEqual([
      '192.0.2.7',
      '2001:db8::1',
      '192.0.2.0/24',
      '2001:db8::/32',
    ]);
  });

  it.each([
    ['+34600', '+34600'],
    ['＋34 600', '+34600'],
    ['+٣٤٦٠٠', '+34600'],
    ['+1 (201) 555-0', '+12015550'],
    ['+1', '+1'],
    ['+8821', '+8821'],
  ])('that is the prefix %p is %p', (text, prefix) => expect(valueOf(readPrefix(text))).toBe(prefix));

  // Catches: numbers in clear (drop isNearlyNumber), also those of which a digit or two were left out.
  it.each(['+34600123456', '+3460012345', '+3460012345 ', '+346001234', '+1201555012', '+493012345'])(
    'that is the prefix %p would be a number kept in clear, and is refused',
    (text) => expect(readPrefix(text)).toEqual({ problem: expect.stringContaining('thousand') as string }),
  );

  // Catches: an entry that protects nobody, because sends are compared in E.164.
  it.each(['+4407911', '+33 06', '+52155'])(
    'that is the prefix %p would never match, and is refused',
    (text) => expect(readPrefix(text)).toEqual({ problem: expect.stringContaining('zero') as string }),
  );

  it.each(['34600', '0034600', '+0', '+', '', 'abc', '+346001234567890'])(
    'is no prefix where it is %p',
    (text) => expect(readPrefix(text)).toEqual({ problem: expect.stringContaining('E.164') as string }),
  );

  it('is found in a text however its digits are written', () => {
    expect(tellsNumber('complaint of 600 12-34.56', '600123456')).toBe(true);
    expect(tellsNumber('ticket ٦٠٠١٢٣٤٥٦', '600123456')).toBe(true);
    expect(tellsNumber('ticket 600123', '600123456')).toBe(false);
  });
});
