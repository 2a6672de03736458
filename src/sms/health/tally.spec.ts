import fc from 'fast-check';
import { counted, countsOf, emptyTally } from './tally';

const WINDOW_MS = 1_000;

describe('a tally', () => {
  it('counts what happened in this half of the window and in the one before', () => {
    let tally = emptyTally(WINDOW_MS);
    tally = counted(tally, 'good', 100);
    tally = counted(tally, 'bad', 499);
    tally = counted(tally, 'bad', 500);
    expect(countsOf(tally, 999)).toEqual({ good: 1, bad: 2 });
    expect(countsOf(tally, 1_000)).toEqual({ good: 0, bad: 1 });
    expect(countsOf(tally, 1_500)).toEqual({ good: 0, bad: 0 });
  });

  // Catches: counts that are kept for ever, or forgotten at every turn.
  it('agrees with a list of all events', () => {
    const event = fc.record({
      after: fc.oneof(fc.nat(50), fc.nat(3_000)),
      kind: fc.constantFrom('good' as const, 'bad' as const),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200, size: 'max' }), fc.nat(3_000), (events, pause) => {
        let now = 123_456;
        let tally = emptyTally(WINDOW_MS);
        const all: { at: number; kind: 'good' | 'bad' }[] = [];
        for (const { after, kind } of events) {
          now += after;
          tally = counted(tally, kind, now);
          all.push({ at: now, kind });
        }
        now += pause;
        const half = (at: number) => Math.floor(at / (WINDOW_MS / 2));
        const recent = all.filter(({ at }) => half(at) >= half(now) - 1);
        const good = recent.filter(({ kind }) => kind === 'good').length;
        expect(countsOf(tally, now)).toEqual({ good, bad: recent.length - good });
      }),
    );
  });
});
