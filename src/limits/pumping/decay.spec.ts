import { decayed } from './decay';

describe('what decays', () => {
  it.each([
    [8, 0, 8],
    [8, 1_000, 4],
    [8, 2_000, 2],
    [0, 1_000, 0],
  ])('is of %d after %d ms: %d, where the half life is a second', (amount, passedMs, left) => {
    expect(decayed(amount, passedMs, 1_000)).toBe(left);
  });

  // Catches: a clock that goes back and makes debt grow.
  it('stays as it is when time runs backwards', () => {
    expect(decayed(8, -1_000, 1_000)).toBe(8);
  });
});
