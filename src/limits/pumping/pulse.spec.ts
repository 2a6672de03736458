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
