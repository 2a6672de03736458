import fc from 'fast-check';
import { SlidingWindow } from './sliding-window';

const allowed = (window: SlidingWindow, key: string, limit: number, times: number[]) =>
  times.filter((now) => window.hit(key, limit, now).isAllowed).length;
const times = (count: number, at: number) => new Array<number>(count).fill(at);

describe('SlidingWindow', () => {
  it('allows exactly the limit at one moment', () => {
    expect(allowed(new SlidingWindow(1_000), 'a', 5, times(100, 0))).toBe(5);
  });

  it('does not let twice the limit through around the end of a window', () => {
    const window = new SlidingWindow(1_000);
    window.hit('other', 100, 0);
    expect(allowed(window, 'a', 100, times(100, 990))).toBe(100);
    expect(allowed(window, 'a', 100, times(100, 1_010))).toBe(1);
  });

  it('gives a client that never stops its due every second', () => {
    const window = new SlidingWindow(1_000);
    const everyMillisecond = Array.from({ length: 10_000 }, (_, ms) => ms);
    const count = allowed(window, 'a', 100, everyMillisecond);
    expect(count).toBeGreaterThan(900);
    expect(count).toBeLessThanOrEqual(1_000);
  });

  it('forgets after a quiet time, and counts keys apart', () => {
    const window = new SlidingWindow(1_000);
    expect(allowed(window, 'a', 5, times(9, 0))).toBe(5);
    expect(allowed(window, 'b', 5, times(9, 0))).toBe(5);
    expect(allowed(window, 'a', 5, times(9, 2_000))).toBe(5);
    expect(allowed(window, 'a', 5, times(9, 60_500))).toBe(5);
  });

  it('allows no more than the limit within any one of its own windows, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (gaps, limit) => {
          const window = new SlidingWindow(1_000);
          const perWindow = new Map<number, number>();
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            if (!window.hit('a', limit, now).isAllowed) continue;
            const index = Math.floor((now - (gaps[0] ?? 0)) / 1_000);
            perWindow.set(index, (perWindow.get(index) ?? 0) + 1);
          }
          expect(Math.max(0, ...perWindow.values())).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('tells what it counted without counting', () => {
    const window = new SlidingWindow(1_000);
    allowed(window, 'a', 5, times(9, 0));
    expect([window.hits('a', 0), window.hits('a', 1_500), window.hits('b', 1_500)]).toEqual([5, 3, 0]);
    expect(window.hits('a', 2_500)).toBe(0);
  });

  it('says when the running window ends', () => {
    const window = new SlidingWindow(1_000);
    window.hit('a', 1, 0);
    expect(window.hit('a', 1, 250)).toEqual({ isAllowed: false, hits: 1, msLeft: 750 });
  });

  it('counts a hit that is allowed, and says how long its window still lasts after others', () => {
    const window = new SlidingWindow(1_000);
    window.hit('a', 9, 0);
    expect(window.hit('a', 9, 1_000)).toEqual({ isAllowed: true, hits: 2, msLeft: 1_000 });
    expect(window.hit('a', 9, 1_400)).toEqual({ isAllowed: true, hits: 3, msLeft: 600 });
    expect(window.size).toBe(2);
  });

  it('keeps memory bounded under a flood from ever new sources, and still counts', () => {
    const window = new SlidingWindow(1_000);
    for (let i = 0; i < 450_000; i += 1) window.hit(`ip:${i}`, 1_000, 0);
    expect(window.size).toBeLessThanOrEqual(200_000);
    expect(allowed(window, 'a', 5, times(100, 0))).toBe(5);
  });
});
