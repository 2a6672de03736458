import fc from 'fast-check';
import { PumpingWorld, scattered } from '../../../test/builders/pumping';
import { decide } from './decide';
import { fold, type PumpingEntry } from './fold';
import { creditFor } from './node';
import { blockOf } from './prefixes';
import { type BlockChange, PumpingState } from './pumping-state';
import { capacity, debtHalfLifeMs, mostWindow, probes } from './rules';

const START = 1_700_000_000_000;
const small = { ...capacity, prefix1k: 5, prefix10k: 4, operator: 3, recipients: 5, rangesPerCountry: 2 };

/** Few blocks and numbers, so that they meet; time goes on by up to an hour, or back. */
const entries = (backwards: boolean) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(
        'send' as const,
        'send' as const,
        'send' as const,
        'conversion' as const,
        'returned' as const,
      ),
      number: fc.integer({ min: 0, max: 40 }),
      country: fc.constantFrom('ES', 'DE', ''),
      passedMs: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: backwards ? -3_600_000 : 0, max: 3_600_000 }) },
      ),
    }),
    { minLength: 1, maxLength: 150 },
  );

type Drawn = { kind: PumpingEntry['kind']; number: number; country: string; passedMs: number };

function entriesOf(drawn: readonly Drawn[]): PumpingEntry[] {
  let at = START;
  return drawn.map(({ kind, number, country, passedMs }) => {
    at += passedMs;
    const e164 = `+3461${String((number % 8) * 1_111).padStart(4, '0')}${String(number).padStart(3, '0')}`;
    return {
      kind,
      block: blockOf(e164),
      country,
      applicationId: 'shop',
      recipient: Number(e164.slice(1)),
      at,
    };
  });
}

function foldAll(
  all: readonly PumpingEntry[],
  state = new PumpingState(small),
): [PumpingState, BlockChange[]] {
  return [state, all.flatMap((entry) => fold(state, entry))];
}

/** All that a state holds, to be compared; nodes in the blocks are the same objects as in the tables. */
const shown = (state: PumpingState): unknown => JSON.parse(JSON.stringify(state, inOrder));
const inOrder = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);

describe('the fold', () => {
  // Catches: a decision that changes what it looks at, or a fold that reads a clock of its own.
  it('comes to the same in every process, whatever each was asked meanwhile', () => {
    fc.assert(
      fc.property(entries(true), (drawn) => {
        const all = entriesOf(drawn);
        const [one, changes] = foldAll(all);
        const other = new PumpingState(small);
        const others = all.flatMap((entry) => {
          decide(other, entry, entry.at + 7_200_000, () => 3);
          return fold(other, entry);
        });
        expect(others).toEqual(changes.map((change) => ({ ...change })));
        expect(shown(other)).toEqual(shown(one));
      }),
      { numRuns: 40 },
    );
  });

  // Catches: a clock that was put back makes debt younger, ends a block, or forgets one.
  it('takes a clock that steps back for one that stands still', () => {
    fc.assert(
      fc.property(entries(true), (drawn) => {
        const all = entriesOf(drawn);
        let latest = 0;
        const still = all.map((entry) => ({ ...entry, at: (latest = Math.max(latest, entry.at)) }));
        const [stepped, changes] = foldAll(all);
        const [stood, others] = foldAll(still);
        expect(changes).toEqual(others);
        expect(shown(stepped)).toEqual(shown(stood));
      }),
      { numRuns: 40 },
    );
  });

  it('begins and ends each block once, in turn', () => {
    fc.assert(
      fc.property(entries(false), (drawn) => {
        const [state, changes] = foldAll(entriesOf(drawn), new PumpingState());
        const open = new Set<string>();
        for (const { type, level, key } of changes) {
          const id = `${level}:${key}`;
          expect(open.has(id)).toBe(type === 'prefix_released');
          if (type === 'prefix_blocked') open.add(id);
          else open.delete(id);
        }
        expect(new Set(state.open.keys())).toEqual(open);
      }),
      { numRuns: 40 },
    );
  });

  it('holds no more than its capacity', () => {
    const [state] = foldAll(
      Array.from({ length: 2_000 }, (_, i) => ({
        kind: i % 3 === 0 ? ('conversion' as const) : ('send' as const),
        ...{
          block: 34_600_000 + i * 997,
          country: 'ES',
          applicationId: 'shop',
          recipient: i,
          at: START + i,
        },
      })),
    );
    expect(state.prefix1k.size).toBeLessThanOrEqual(small.prefix1k);
    expect(state.prefix10k.size).toBeLessThanOrEqual(small.prefix10k);
    expect(state.operator.size).toBeLessThanOrEqual(small.operator);
    expect(state.recipients.size).toBeLessThanOrEqual(small.recipients);
    expect(state.country('ES').ranges.size).toBeLessThanOrEqual(small.rangesPerCountry);
    expect(state.open.size).toBeLessThanOrEqual(small.prefix1k + small.prefix10k + small.operator + 2);
  });

  /**
   * docs/pumping.md promises W · (1 + t · ln 2 / half-life) ÷ (1 − f · credit). Catches: no block, no decay bound, credit
   * that an attacker may raise, a release that opens the whole window again.
   */
  it('lets no more out of one block than its formula says, whatever the pace and the share of faked codes', () => {
    const shares = fc.double({ min: 0, max: 0.4, noNaN: true });
    const paces = fc.integer({ min: 50, max: 120_000 });
    fc.assert(
      fc.property(shares, paces, (faked, everyMs) => {
        const world = new PumpingWorld();
        world.isUsedTo('ES', scattered(100), 0.85);
        const from = world.now;
        let [leaked, typed, credit] = [0, 0, 0];
        for (let i = 0; i < 600; i += 1) {
          world.now += everyMs;
          const to = `+3460000${String(i).padStart(4, '0')}`;
          if (!world.sends({ to })) continue;
          leaked += 1;
          const { operator } = world.state;
          credit = Math.max(
            credit,
            creditFor(world.state.conversionAt(operator.peek(34_600), world.state.country('ES'))),
          );
          if (typed + 1 > leaked * faked) continue;
          typed += 1;
          world.folds('conversion', { to });
        }
        if (faked * credit >= 1) return;
        const decay = 1 + ((world.now - from) * Math.LN2) / debtHalfLifeMs;
        expect(leaked).toBeLessThanOrEqual((mostWindow.prefix10k * decay + probes) / (1 - faked * credit));
      }),
      { numRuns: 15 },
    );
  });
});
