import fc from 'fast-check';
import { mergePatch } from './merge-patch';

const json = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.constant(null),
      fc.array(fc.integer(), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
    ),
  })).value,
  { maxKeys: 4 },
);

/** The pseudo-code of RFC 7396 §2, literally. */
function rfc7396(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const merged = new Map(isObject ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, rfc7396(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

describe('mergePatch', () => {
  it.each([
    ['what is not named stays', { a: 1, b: 2 }, { b: 3 }, { a: 1, b: 3 }],
    ['null removes', { a: 1, b: 2 }, { b: null }, { a: 1 }],
    ['null for what is not there changes nothing', { a: 1 }, { b: null }, { a: 1 }],
    ['arrays replace', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    [
      'objects merge at every depth',
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { c: null } } },
      { a: { b: { d: 2 } } },
    ],
    ['undefined changes nothing', { a: 1 }, { a: undefined }, { a: 1 }],
    ['nulls inside a new object are left out', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ])('%s', (_, target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  it('does what RFC 7396 says for any two documents, and touches neither', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        expect(mergePatch(target, patch)).toEqual(rfc7396(target, patch));
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('leaves nothing to do for the same patch a second time', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('keeps __proto__ as data', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__": {"isAdmin": true}}'));
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.hasOwn(merged, '__proto__')).toBe(true);
  });
});
