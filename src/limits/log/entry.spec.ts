import fc from 'fast-check';
import { decodeEntry, encodeEntry, endOf, recordKinds, type LogRecord } from './entry';

const key = fc.integer({ min: 1, max: 2 ** 48 - 1 });
const window = fc.constantFrom(10, 600, 3_600, 86_400, 604_800);
const record: fc.Arbitrary<LogRecord> = fc
  .record({
    kind: fc.constantFrom(...recordKinds),
    at: fc.integer({ min: 0, max: 2 ** 47 }),
    keys: fc.array(key, { maxLength: 32 }),
    hasWindows: fc.boolean(),
  })
  .chain(({ hasWindows, ...rest }) =>
    (hasWindows
      ? fc.array(window, { minLength: rest.keys.length, maxLength: rest.keys.length })
      : fc.constant([])
    ).map((windows) => ({ ...rest, windows })),
  );

describe('an entry', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 50 }), (records) => {
        expect(decodeEntry(encodeEntry(records))).toEqual(records);
      }),
    );
  });

  it('holds a usual send in a little more than a hundred bytes', () => {
    const windows = [
      600, 86_400, 3_600, 86_400, 3_600, 86_400, 3_600, 3_600, 3_600, 3_600, 3_600, 3_600, 3_600,
    ];
    const keys = windows.map((_, index) => index + 1);
    expect(encodeEntry([{ kind: 'charge', at: Date.UTC(2026, 0, 1), keys, windows }])).toHaveLength(114);
  });

  it('that is cut, or of a build that is not known, is refused', () => {
    const whole = encodeEntry([{ kind: 'send', at: 1, keys: [1, 2], windows: [] }]);
    expect(() => decodeEntry(whole.subarray(0, -1))).toThrow('out of range');
    expect(() => decodeEntry(Buffer.from([9, 0]))).toThrow('version 9');
    expect(() => decodeEntry(Buffer.from([1, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow('kind');
  });

  // Catches: a page of the log that is deleted while a window still counts what is in it.
  it.each([
    [[600, 60], 720_000],
    [[60, 600], 720_000],
    [[1], 1_200],
    [[], 86_400_000],
  ])('with windows of %j s is needed for %i ms', (windows, ms) => {
    expect(endOf({ kind: 'charge', at: 1_000, keys: windows, windows })).toBe(1_000 + ms);
  });
});
