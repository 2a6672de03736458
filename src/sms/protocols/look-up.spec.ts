import { lookUp } from './look-up';

describe('looking up what a vendor wrote', () => {
  const table = { expired: 'a', 27: 'b' };

  it('finds words and numbers', () => {
    expect([lookUp(table, 'expired'), lookUp(table, 27), lookUp(table, '27')]).toEqual(['a', 'b', 'b']);
  });

  // Catches: `table[key]`, which finds what every object has.
  it.each(['constructor', '__proto__', 'toString', '', 'b', null, undefined, {}, ['expired'], NaN])(
    'finds nothing for %p',
    (key) => {
      expect(lookUp(table, key)).toBeUndefined();
    },
  );
});
