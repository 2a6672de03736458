import { toStatistics, type SummedCount } from './statistics';

const counts = (group: SummedCount['group'], all: Record<string, number>): SummedCount[] =>
  Object.entries(all).map(([name, count]) => ({ group, name, count }));

describe('statistics', () => {
  it('are one entry per group, in the order of the groups', () => {
    const all = [
      ...counts({ day: '2026-01-02', country: 'ES' }, { sends: 1 }),
      ...counts({ day: '2026-01-01', country: 'GB' }, { sends: 2 }),
      ...counts({ day: '2026-01-01', country: null }, { sends: 3 }),
    ];
    expect(toStatistics(all, ['day', 'country']).map(({ group, sends }) => [group, sends])).toEqual([
      [{ day: '2026-01-01', country: null }, 3],
      [{ day: '2026-01-01', country: 'GB' }, 2],
      [{ day: '2026-01-02', country: 'ES' }, 1],
    ]);
  });

  it('never mix currencies, nor estimates with what was reported', () => {
    const [all] = toStatistics(counts({}, { 'estimated:USD': 5, 'estimated:EUR': 7, 'reported:EUR': 6 }), []);
    expect(all!.cost).toEqual({
      estimated: [
        { currency: 'EUR', micros: 7 },
        { currency: 'USD', micros: 5 },
      ],
      reported: [{ currency: 'EUR', micros: 6 }],
    });
  });

  it('give rates to four decimals, and none of nothing', () => {
    const rate = (all: Record<string, number>) => toStatistics(counts({}, all), [])[0]!.conversionRate;
    expect(rate({ verifications: 3, approved: 2 })).toBe(0.6667);
    expect(rate({ sends: 1 })).toBeNull();
  });

  it('give the most frequent failures with the vendor’s own codes', () => {
    const failures = { 'failed:content:30007': 3, 'failed:timeout:': 9, 'failed:unavailable:5.7.1': 3 };
    expect(toStatistics(counts({}, failures), [])[0]!.failures).toEqual([
      { reason: 'timeout', vendorCode: null, count: 9 },
      { reason: 'content', vendorCode: '30007', count: 3 },
      { reason: 'unavailable', vendorCode: '5.7.1', count: 3 },
    ]);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`failed:content:${n}`, n + 1]));
    expect(toStatistics(counts({}, many), [])[0]!.failures).toHaveLength(20);
  });

  it('give percentiles in seconds', () => {
    const [all] = toStatistics(
      counts({}, { 'toDelivery:37': 99, 'toDelivery:60': 1, 'toApproval:50': 1 }),
      [],
    );
    expect(all!.timeToDelivery).toEqual({ p50: 0.932, p95: 0.932 });
    expect(all!.timeToApproval.p50).toBe(9.969);
  });
});
