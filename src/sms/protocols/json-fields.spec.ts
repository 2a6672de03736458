import fc from 'fast-check';
import { countIn, fieldsIn, objectsIn, wordIn } from './json-fields';

describe('reading what a vendor sent', () => {
  it('finds what is there', () => {
    expect(fieldsIn({ a: 1 })).toEqual({ a: 1 });
    expect(objectsIn([{ a: 1 }, null, [], 'x', { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]);
    expect([countIn(2), wordIn('REJECTED_DND')]).toEqual([2, 'REJECTED_DND']);
  });

  it.each([0, -1, 1.5, '2', null, 2 ** 60, NaN])('takes %p for no count', (value) => {
    expect(countIn(value)).toBeUndefined();
  });

  it.each(['', 'X', '483920', 'Rejected', 'NO SPACES', '+34600987123'])('takes %p for no name', (value) => {
    expect(wordIn(value)).toBeUndefined();
  });

  it('never throws, and gives what it promises', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof fieldsIn(value)).toBe('object');
        expect(Array.isArray(objectsIn(value))).toBe(true);
        countIn(value);
        wordIn(value);
      }),
    );
  });
});
