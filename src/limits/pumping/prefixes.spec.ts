import { blockOf, prefixesOf } from './prefixes';

describe('the blocks of a number', () => {
  it.each([
    ['+34600123456', 34600123, 3460012, 34600],
    ['+12015550123', 12015550, 1201555, 12015],
    ['+4915112345678', 4915112345, 491511234, 4915112],
    ['+37251234567', 37251234, 3725123, 37251],
  ])('of %s lack its last 3, 4 and 6 digits', (e164, prefix1k, prefix10k, operator) => {
    expect(prefixesOf(blockOf(e164))).toEqual({ prefix1k, prefix10k, operator });
  });

  // Catches: the block of a short number is its country, so that one attack blocks all of it.
  it.each([
    ['+6834002', { prefix1k: 6834, prefix10k: 6834, operator: 6834 }],
    ['+2474123', { prefix1k: 2474, prefix10k: 2474, operator: 2474 }],
    ['+29112345', { prefix1k: 29112, prefix10k: 2911, operator: 2911 }],
  ])('of %s, which is short, keep a digit after the calling code', (e164, prefixes) => {
    expect(prefixesOf(blockOf(e164))).toEqual(prefixes);
  });
});
