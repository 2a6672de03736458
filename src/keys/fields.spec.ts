import fc from 'fast-check';
import { joinFields } from './fields';

const field = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 40 }), fc.constant(null));
const asKey = (fields: readonly unknown[]) =>
  JSON.stringify(fields.map((one) => (one === null ? null : Buffer.from(one as string).toString('hex'))));

describe('joinFields', () => {
  // Safety: fails when the length prefixes go.
  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['ab'], ['a', 'b']],
    [['a', ''], ['a']],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [[''], []],
    [[null], ['']],
    [[null], []],
    [['\u0000\u0000\u0000\u0001a'], ['a']],
  ])('tells %j from %j', (one, other) => {
    expect(joinFields(one).equals(joinFields(other))).toBe(false);
  });

  it('gives different bytes for different lists, the same for the same', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), fc.array(field, { maxLength: 5 }), (one, other) => {
        expect(joinFields(one).equals(joinFields(other))).toBe(asKey(one) === asKey(other));
      }),
    );
  });

  it('counts bytes, not characters', () => {
    expect(joinFields(['é€'])).toEqual(Buffer.concat([Buffer.of(0, 0, 0, 5), Buffer.from('é€')]));
  });
});
