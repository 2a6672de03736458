import { bearerToken } from './bearer';

describe('bearerToken', () => {
  it.each(['Bearer sdk_x', 'bearer sdk_x', 'BEARER   sdk_x'])('reads %p', (header) =>
    expect(bearerToken(header)).toBe('sdk_x'),
  );

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'sdk_x',
    'Bearersdk_x',
    'Bearer a b',
    'Bearer a, Bearer b',
    ' Bearer a',
    'Bearer schlüssel',
    `Bearer ${'x'.repeat(513)}`,
  ])('finds no token in %p', (header) => expect(bearerToken(header)).toBeNull());
});
