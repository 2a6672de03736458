import { isOutage, pulseOf, RangePulses, together } from './pulse';

const MINUTE = 60_000;

/** Ranges that send so many messages a minute, of which a share is typed. */
function minutes(
  pulses: RangePulses,
  from: number,
  count: number,
  perMinute: (range: number) => [number, number],
) {
  for (let minute = from; minute < from + count; minute += 1) {
    for (let range = 0; range < 10; range += 1) {
      const [sent, typed] = perMinute(range);
      for (let i = 0; i < sent; i += 1) pulses.sent(range);
      for (let i = 0; i < typed; i += 1) pulses.typed(range);
    }
    pulses.pulse((minute + 1) * MINUTE, 0.8);
  }
  return pulses.pulse((from + count) * MINUTE, 0.8);
}

const usual = (): RangePulses => {
  const pulses = new RangePulses(256, 0);
  minutes(pulses, 0, 120, () => [5, 4]);
  return pulses;
};

describe('an outage', () => {
  it('is when codes stop being typed in all ranges at once', () => {
    expect(
      isOutage(
        minutes(usual(), 120, 10, () => [5, 0]),
        false,
      ),
    ).toBe(true);
  });

  // Catches: unpaid messages of an attack, however many, taken for an outage.
  it('is not an attack: people go on typing their codes', () => {
    expect(
      isOutage(
        minutes(usual(), 120, 10, () => [500, 4]),
        false,
      ),
    ).toBe(false);
  });

  it('is not a night: fewer messages, fewer codes', () => {
    expect(
      isOutage(
        minutes(usual(), 120, 60, () => [1, 1]),
        false,
      ),
    ).toBe(false);
  });

  it('is not a launch: nothing is usual yet', () => {
    expect(
      isOutage(
        minutes(new RangePulses(256, 0), 0, 3, () => [50, 0]),
        false,
      ),
    ).toBe(false);
  });

  // Catches: an attacker types the codes of one range for hours, stops, and is taken for an outage.
  it('is not one range that falls silent, however large', () => {
    const pulses = new RangePulses(256, 0);
    minutes(pulses, 0, 120, (range) => (range === 0 ? [500, 400] : [5, 4]));
    expect(
      isOutage(
        minutes(pulses, 120, 10, (range) => (range === 0 ? [500, 0] : [5, 4])),
        false,
      ),
    ).toBe(false);
  });

  it('ends when most codes are typed again, and when nobody remembers what was usual', () => {
    const pulses = usual();
    expect(
      isOutage(
        minutes(pulses, 120, 10, () => [5, 0]),
        true,
      ),
    ).toBe(true);
    expect(
      isOutage(
        minutes(pulses, 130, 30, () => [5, 4]),
        true,
      ),
    ).toBe(false);
    expect(
      isOutage(
        minutes(usual(), 120, 600, () => [5, 0]),
        true,
      ),
    ).toBe(false);
  });

  it('is not seen in few messages', () => {
    expect(isOutage({ expected: 8, typed: 0 }, false)).toBe(false);
    expect(isOutage({ expected: 10, typed: 0 }, false)).toBe(true);
  });

  it('expects neither more than usual nor more than the messages would bring', () => {
    expect(pulseOf({ sends: 1_000, conversions: 3, usual: 120 }, 0.8).expected).toBe(10);
    expect(pulseOf({ sends: 5, conversions: 3, usual: 120 }, 0.8).expected).toBe(4);
    expect(together([])).toEqual({ expected: 0, typed: 0 });
  });

  it('is looked for in a bounded number of ranges; silent ones make room', () => {
    const pulses = new RangePulses(8, 0);
    minutes(pulses, 0, 1, () => [1, 0]);
    for (let range = 0; range < 1_000; range += 1) pulses.typed(range);
    expect(pulses.size).toBe(8);
  });
});

describe('the verdict on a pulse', () => {
  it('needs codes that are expected', () => {
    expect(isOutage({ expected: 0, typed: 0 }, false)).toBe(false);
    expect(isOutage({ expected: 0, typed: 0 }, true)).toBe(false);
  });

  it('needs no more than six in ten typed', () => {
    expect(isOutage({ expected: 100, typed: 60 }, false)).toBe(true);
    expect(isOutage({ expected: 100, typed: 61 }, false)).toBe(false);
  });

  // Catches: few messages of which chance alone leaves some without a code.
  it('needs more missing than chance explains', () => {
    expect(isOutage({ expected: 9, typed: 0 }, false)).toBe(true);
    expect(isOutage({ expected: 9, typed: 0.1 }, false)).toBe(false);
    expect(isOutage({ expected: 10, typed: 6 }, false)).toBe(false);
  });

  it('holds up to eight in ten typed, and while one code is expected', () => {
    expect(isOutage({ expected: 10, typed: 8 }, true)).toBe(true);
    expect(isOutage({ expected: 10, typed: 8.1 }, true)).toBe(false);
    expect(isOutage({ expected: 1, typed: 0 }, true)).toBe(true);
    expect(isOutage({ expected: 0.9, typed: 0 }, true)).toBe(false);
  });
});

describe('pulses together', () => {
  it('are their sum where none weighs more than its share', () => {
    const parts = [8, 10, 12, 10, 10].map((expected) => ({ expected, typed: expected / 2 }));
    expect(together(parts)).toEqual({ expected: 50, typed: 25 });
  });

  it('give the largest its share and no more, of what is typed as well', () => {
    const small = Array.from({ length: 5 }, () => ({ expected: 10, typed: 1 }));
    const { expected, typed } = together([{ expected: 100, typed: 60 }, ...small]);
    expect(expected).toBeCloseTo(50 + 50 / 3, 4);
    expect(typed).toBeCloseTo(5 + 10, 4);
  });

  it('count what is typed where nothing is expected', () => {
    expect(together([{ expected: 0, typed: 3 }])).toEqual({ expected: 0, typed: 3 });
  });
});

describe('a full sample of ranges', () => {
  /** Codes typed in the ranges that are watched. */
  const typedIn = (pulses: RangePulses, now = 0): number => pulses.pulse(now, 0).typed;

  it('watches none where it has no place', () => {
    const pulses = new RangePulses(0, 0);
    pulses.typed(1);
    expect([pulses.size, typedIn(pulses)]).toEqual([0, 0]);
  });

  it('lets a new range in for a silent one', () => {
    const pulses = new RangePulses(1, 0);
    pulses.sent(1);
    pulses.typed(2);
    expect([pulses.size, typedIn(pulses)]).toEqual([1, 1]);
  });

  // Catches: an attacker who sends to many ranges and drives out those that people use.
  it('keeps a range with one code, and what it knows of it', () => {
    const pulses = new RangePulses(1, 0);
    pulses.typed(1);
    pulses.typed(2);
    expect([pulses.size, typedIn(pulses)]).toEqual([1, 1]);
    pulses.typed(1);
    expect(typedIn(pulses)).toBe(2);
  });

  it('looks at one after the other for a silent one', () => {
    const pulses = new RangePulses(2, 0);
    pulses.typed(1);
    pulses.sent(2);
    pulses.typed(3);
    expect(typedIn(pulses)).toBe(1);
    pulses.typed(3);
    expect([pulses.size, typedIn(pulses)]).toEqual([2, 2]);
  });

  it('counts a range as silent when its code is an hour old', () => {
    const pulses = new RangePulses(1, 0);
    pulses.typed(1);
    expect(typedIn(pulses, 60 * MINUTE)).toBeCloseTo(2 ** -12, 10);
    pulses.typed(2);
    expect(typedIn(pulses, 60 * MINUTE)).toBe(1);
  });
});
