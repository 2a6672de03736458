import { BatchedLookup } from './batched-lookup';

/** A database that answers when told to, and remembers what it was asked. */
function setup(limits: Partial<{ pauseMs: number; maxBatch: number; maxWaiting: number }> = {}) {
  const queries: (readonly string[])[] = [];
  const answers: (() => void)[] = [];
  const load = (keys: readonly string[]): Promise<Map<string, string>> =>
    new Promise((resolve, reject) => {
      queries.push(keys);
      answers.push(() => {
        if (keys.includes('broken')) reject(new Error('no answer'));
        resolve(new Map(keys.filter((key) => key.startsWith('good')).map((key) => [key, `value of ${key}`])));
      });
    });
  const lookup = new BatchedLookup(load, { pauseMs: 20, maxBatch: 500, maxWaiting: 2_000, ...limits });
  const answer = async () => {
    answers.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { lookup, queries, answer };
}

describe('BatchedLookup', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks at once when nothing is under way', async () => {
    const { lookup, queries, answer } = setup();
    const value = lookup.get('good');
    expect(queries).toEqual([['good']]);
    await answer();
    await expect(value).resolves.toBe('value of good');
  });

  it('gathers what comes meanwhile, and asks again only after the pause', async () => {
    const { lookup, queries, answer } = setup();
    void lookup.get('a');
    const good = lookup.get('good');
    const bad = lookup.get('bad');
    await answer();
    await jest.advanceTimersByTimeAsync(19);
    expect(queries).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(queries).toEqual([['a'], ['good', 'bad']]);
    await answer();
    await expect(Promise.all([good, bad])).resolves.toEqual(['value of good', null]);
  });

  it('asks once for the same key however many wait for it', async () => {
    const { lookup, queries, answer } = setup();
    void lookup.get('a');
    const all = Promise.all([lookup.get('good'), lookup.get('good')]);
    await answer();
    await jest.advanceTimersByTimeAsync(20);
    await answer();
    await expect(all).resolves.toEqual(['value of good', 'value of good']);
    expect(queries).toEqual([['a'], ['good']]);
  });

  it('keeps a flood of unknown keys to 50 queries a second and refuses what does not fit', async () => {
    const { lookup, queries, answer } = setup({ maxBatch: 10, maxWaiting: 30 });
    const outcomes: string[] = [];
    for (let ms = 0; ms < 1_000; ms += 1) {
      for (let i = 0; i < 5; i += 1) {
        lookup.get(`random-${ms}-${i}`).then(
          () => outcomes.push('unknown'),
          () => outcomes.push('refused'),
        );
      }
      await answer();
      await jest.advanceTimersByTimeAsync(1);
    }
    expect(queries.length).toBeLessThanOrEqual(51);
    expect(Math.max(...queries.map((keys) => keys.length))).toBe(10);
    expect(outcomes.filter((outcome) => outcome === 'refused').length).toBeGreaterThan(4_000);
  });

  it('tells all who waited for a query that failed, and goes on with the next', async () => {
    const { lookup, answer } = setup();
    const broken = lookup.get('broken');
    const good = lookup.get('good');
    const failed = expect(broken).rejects.toThrow('no answer');
    await answer();
    await failed;
    await jest.advanceTimersByTimeAsync(20);
    await answer();
    await expect(good).resolves.toBe('value of good');
  });
});
