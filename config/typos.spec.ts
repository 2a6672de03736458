import fc from 'fast-check';
import { closest, editDistance } from './typos';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['MONGO_URI', 'MONGODB_URI', 2],
    ['PORT', 'POTR', 2],
  ])('from %j to %j is %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  it('is a distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('closest', () => {
  it.each([
    ['twillio', 'twilio'],
    ['twlo', undefined],
    ['aw', undefined],
    ['labmobil', 'labsmobile'],
  ])('takes %s for %s', (word, name) => {
    expect(closest(word, ['aws', 'twilio', 'labsmobile'])).toBe(name);
  });
});
