import { decide, refusalBy, type LimitOnCall, type Windows } from './counting';
import { defaultLimits } from './limit';
import type { Cell } from './window-table';

const now = Date.UTC(2026, 0, 1);
const end = now + 60_000;

/** Windows that hold so many by key; there is room again at `end` below the key's own maximum. */
function windowsOf(counts: Readonly<Record<number, number>>) {
  const asked: [key: number, max: number, at: number][] = [];
  const windows: Windows = {
    count: ({ key }: Cell) => counts[key] ?? 0,
    until: ({ key }: Cell, max: number, at: number) => {
      asked.push([key, max, at]);
      return end;
    },
  };
  return { windows, asked };
}

const limit = (
  name: string,
  key: number | null,
  change: Partial<LimitOnCall['limit']> = {},
): LimitOnCall => ({
  limit: {
    ...{ by: ['number'], max: 5, windowSeconds: 600 },
    ...defaultLimits['number'],
    name,
    ...change,
  } as never,
  cell: key === null ? null : { key, windowSeconds: 600 },
});

describe('what a limit says of one more send', () => {
  it('lets through up to its last place, and refuses the next one until there is room', () => {
    const { windows, asked } = windowsOf({ 1: 4, 2: 5 });
    const judged = { now, added: 0 } as const;
    expect(decide(windows, [limit('a', 1), limit('b', 2)], judged)).toEqual([
      { rule: 'limits.a', outcome: 'allowed', value: 4, limit: 5, until: null },
      { rule: 'limits.b', outcome: 'refused', value: 5, limit: 5, until: new Date(end) },
    ]);
    expect(asked).toEqual([[2, 5, now]]);
  });

  // Catches: a send that is refused because of itself, or one too many that is let through.
  it('does not count the send itself where it is in the window already', () => {
    const { windows, asked } = windowsOf({ 1: 5, 2: 6 });
    const judged = { now, added: 1 } as const;
    expect(decide(windows, [limit('a', 1), limit('b', 2)], judged)).toEqual([
      { rule: 'limits.a', outcome: 'allowed', value: 4, limit: 5, until: null },
      { rule: 'limits.b', outcome: 'refused', value: 5, limit: 5, until: new Date(end) },
    ]);
    // With itself in the window, one more has to leave.
    expect(asked).toEqual([[2, 6, now]]);
  });

  it('is as it is told to be where there is nothing to count by', () => {
    const { windows } = windowsOf({});
    const limits = [limit('a', null), limit('b', null, { onUnavailable: 'closed' })];
    const none = { value: null, limit: 5, until: null, because: 'nothing_to_count_by' };
    expect(decide(windows, limits, { now, added: 0 })).toEqual([
      { rule: 'limits.a', outcome: 'skipped', ...none },
      { rule: 'limits.b', outcome: 'refused', ...none },
    ]);
  });
});

describe('the refusal of a send', () => {
  it('is what the first limit without room says', () => {
    const { windows } = windowsOf({ 1: 4, 2: 5, 3: 6 });
    const limits = [limit('a', 1), limit('b', 2), limit('c', 3)];
    expect(refusalBy(windows, limits, { now, added: 0 })).toMatchObject({ rule: 'limits.b', value: 5 });
  });

  it('is none where all have room, and none where there are no limits', () => {
    const { windows } = windowsOf({ 1: 4 });
    expect(refusalBy(windows, [limit('a', 1), limit('b', null)], { now, added: 0 })).toBeNull();
    expect(refusalBy(windows, [], { now, added: 0 })).toBeNull();
  });

  it('comes of a closed limit without anything to count by', () => {
    const { windows } = windowsOf({});
    const closed = [limit('a', null, { onUnavailable: 'closed' })];
    expect(refusalBy(windows, closed, { now, added: 0 })).toMatchObject({ because: 'nothing_to_count_by' });
  });
});
