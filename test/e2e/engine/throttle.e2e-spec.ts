import { setTimeout as sleep } from 'node:timers/promises';
import { newNumber, tally, useEngine, wordFor } from '../../support/engine';

const LIMIT = 20;
const ROUNDS = 10;
const engine = useEngine({ processes: 1, env: { THROTTLE_PER_SECOND: String(LIMIT) } });

const times = <T>(count: number, call: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => call(n)));

/** Catches: one allowance for all calls of a key (11 of these 20 checks were refused). */
describe('a backend that sends far more than it may', () => {
  it('still gets every check judged, and no more checks than it may have', async () => {
    const tenant = await engine.tenant({ policy: { maxChecks: 10 } });
    const { id, code } = await tenant.start();
    const creates: string[] = [];
    const checks: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [sent, checked] = await Promise.all([
        times(2 * LIMIT, () => tenant.create({ to: newNumber() })),
        times(LIMIT / ROUNDS, () => tenant.check(id, code)),
        sleep(200),
      ]);
      creates.push(...sent.map(wordFor));
      checks.push(...checked.map(wordFor));
    }
    expect(tally(creates)['429 rate_limited']).toBeGreaterThan(4 * LIMIT);
    // The code is worth one; what counts is that every check was judged.
    expect(tally(checks)).toEqual({ '200': 1, '409 verification_approved': LIMIT - 1 });

    const flood = await times(8 * LIMIT, () => tenant.check(id, code));
    expect(tally(flood.map(wordFor))['429 rate_limited']).toBeGreaterThan(2 * LIMIT);
  });
});

/** Catches: a probe over which the admin key may be guessed as fast as one likes, and one that refuses balancers. */
describe('the probe of readiness', () => {
  it('is never refused without a key, and counts whoever tries keys', async () => {
    const bare = await times(4 * LIMIT, () => engine.call('GET /health/ready', null));
    expect(tally(bare.map(wordFor))).toEqual({ '200': 4 * LIMIT });
    const guessed = await times(4 * LIMIT, (n) => engine.call('GET /health/ready', `guess-${n}`));
    expect(tally(guessed.map(wordFor))['429 rate_limited']).toBeGreaterThan(LIMIT);
  });
});
