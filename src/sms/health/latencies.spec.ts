import { Latencies } from './latencies';

describe('latencies', () => {
  it('are unknown before the first call', () => {
    expect(new Latencies().quantile(0.5)).toBeNull();
  });

  it('give the value that a share of the calls did not exceed', () => {
    const latencies = new Latencies();
    for (let ms = 100; ms >= 1; ms -= 1) latencies.add(ms);
    expect([0, 0.5, 0.95, 1].map((share) => latencies.quantile(share))).toEqual([1, 50, 95, 100]);
  });

  it('forget old calls', () => {
    const latencies = new Latencies();
    for (let i = 0; i < 1_000; i += 1) latencies.add(9_000);
    for (let i = 0; i < 256; i += 1) latencies.add(20);
    expect(latencies.quantile(1)).toBe(20);
  });
});
