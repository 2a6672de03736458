import { randomBytes } from './random-bytes';

describe('random bytes', () => {
  it('never hands out the same bytes twice, over many pools and odd sizes', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) {
      const bytes = randomBytes(12 + (i % 5));
      expect(bytes).toHaveLength(12 + (i % 5));
      // Twelve bytes of two draws are equal by chance once in 2^96; overlapping regions would show at once.
      seen.add(bytes.toString('hex').slice(0, 24));
    }
    expect(seen.size).toBe(5_000);
  });

  it('leaves what it handed out alone', () => {
    const first = randomBytes(16);
    const copy = Buffer.from(first);
    for (let i = 0; i < 1_000; i++) randomBytes(16);
    expect(first).toEqual(copy);
  });

  it('gives more than a pool at once', () => {
    expect(randomBytes(10_000)).toHaveLength(10_000);
  });
});
