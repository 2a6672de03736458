import { quantile } from './campaign';
import { attacks, traps } from './families';
import { ConversionBreaker, PerIpLimit, Sixdigit, WithCeiling } from './guards';
import { replay, type Result } from './replay';
import { planOf } from './plans';

/** The short form of `npm run simulate`: what it promises, in one seed. docs/pumping.md has the long one. */
function simulated(name: string): Result {
  const family = [...attacks, ...traps].find((one) => one.name === name)!;
  return replay(family.trace(1), new Sixdigit());
}

const percentRefused = ({ asked, refused }: Result): number => (100 * refused) / asked;

const aRequest = {
  ...{ at: 0, to: '+34600000000', country: 'ES', applicationId: 'shop', ip: '192.0.2.1', isAttack: true },
  ...{ typedAfter: null, priceMicros: 1 },
};

describe('the simulated attacks', () => {
  // Catches: no blocks (2,000 leak), a window or a credit that grew, an attacker who teaches the guard his own share.
  it.each([
    ['a', 25, 25],
    ['b', 25, 200],
  ])('(%s) leak no more than %d messages in one block and %d in all', (name, inBlock, inAll) => {
    const result = simulated(name);
    expect(result.leakedInBlock).toBeLessThanOrEqual(inBlock);
    expect(result.leaked).toBeLessThanOrEqual(inAll);
    expect(percentRefused(result)).toBeLessThanOrEqual(0.5);
  });

  it('are stopped by a money ceiling where no guard sees them', () => {
    const guard = new WithCeiling({ allows: () => true, sent() {}, typed() {} }, new Map([['ES', 1e6]]));
    let sent = 0;
    for (let i = 0; i < 50; i += 1) {
      const request = { ...aRequest, priceMicros: 60_000 };
      if (!guard.allows(request, 0)) continue;
      guard.sent(request, 0);
      sent += 1;
    }
    expect([sent, guard.mostOfCeiling]).toEqual([16, 0.96]);
  });
});

describe('simulated honest traffic', () => {
  // Catches: smaller windows, conversions that do not pay enough, nothing learned.
  it('before and while an advertisement runs is not refused', () => {
    expect(percentRefused(simulated('advert'))).toBeLessThanOrEqual(0.1);
  });

  // Catches: outages not recognised (ten prefixes are blocked then).
  it('in an outage is not blocked at all', () => {
    const result = simulated('outage');
    expect([result.blocksBegun, result.refused]).toEqual([0, 0]);
  });
});

describe('a trace', () => {
  it('is the same for the same seed, and another for another one', () => {
    const [family] = attacks;
    const [one, again, other] = [family!.trace(1), family!.trace(1), family!.trace(2)];
    expect(again).toEqual(one);
    expect(other.requests[0]).not.toEqual(one.requests[0]);
  });

  it('has numbers that the metadata calls mobile, without trunk prefixes', () => {
    expect(planOf('ES').ranges.every((range) => /^34[67]/.test(range))).toBe(true);
    expect(planOf('DE').ranges.every((range) => /^491[567]/.test(range))).toBe(true);
    expect(planOf('EE').ranges.length).toBeGreaterThan(3);
  });
});

describe('the other guards', () => {
  it('do what they are said to do', () => {
    const perIp = new PerIpLimit();
    expect(Array.from({ length: 30 }, () => perIp.allows(aRequest, 0)).filter(Boolean)).toHaveLength(20);
    const breaker = new ConversionBreaker();
    for (let i = 0; i < 60; i += 1) breaker.sent({ ...aRequest }, 0);
    expect(breaker.allows(aRequest, 60_000)).toBe(true);
    expect(breaker.allows(aRequest, 121_000)).toBe(false);
    expect(breaker.allows(aRequest, 121_000 + 16 * 60_000)).toBe(true);
  });

  it('and ours are asked without effect', () => {
    const guard = new Sixdigit();
    expect(Array.from({ length: 1_000 }, () => guard.allows(aRequest, 0)).every(Boolean)).toBe(true);
  });

  it('are compared by quantiles that were measured', () => {
    expect([0.5, 0.95, 1].map((share) => quantile([3, 1, 2, 4], share))).toEqual([2, 4, 4]);
  });
});
