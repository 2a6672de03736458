import { decodeEntry, encodeEntry } from '../log/entry';
import type { PumpingEntry } from './fold';
import { entryOf, recordOf } from './log-record';

const entry = (change: Partial<PumpingEntry> = {}): PumpingEntry => ({
  ...{ kind: 'send', at: 1_700_000_000_000, block: 999_999_999_999, country: 'ES' },
  ...{ applicationId: String(2 ** 48 - 1), recipient: 1 },
  ...change,
});

describe('an entry of the guard', () => {
  it.each([
    {},
    { kind: 'returned' as const },
    { kind: 'conversion' as const },
    ...['', 'AA', 'ZZ', 'GB'].map((country) => ({ country })),
  ])('is read from the log as it was written: %j', (change) => {
    const written = encodeEntry([recordOf(entry(change))]);
    expect(decodeEntry(written).map(entryOf)).toEqual([entry(change)]);
    expect(written).toHaveLength(2 + 9 + 24);
  });

  it('is none where others counted, or where something is missing', () => {
    expect(entryOf({ kind: 'charge', at: 1, keys: [1, 2, 3, 4], windows: [60, 60, 60, 60] })).toBeNull();
    expect(entryOf({ kind: 'send', at: 1, keys: [1], windows: [] })).toBeNull();
    expect(entryOf({ kind: 'send', at: 1, keys: [1, 2, 3], windows: [] })).toBeNull();
  });

  // Catches: a country's number that changes, so that builds which run side by side read each other wrong.
  it.each([
    ['', 0],
    ['AA', 1],
    ['AZ', 26],
    ['BA', 27],
    ['ES', 123],
    ['ZZ', 676],
  ])('has the country "%s" as %d', (country, number) => {
    expect(recordOf(entry({ country })).keys).toEqual([999_999_999_999, number, 2 ** 48 - 1, 1]);
  });
});
