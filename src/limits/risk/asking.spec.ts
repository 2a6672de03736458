import { aRiskCall } from '../../testing/contracts/risk-call';
import { BoundedCheck } from './asking';

/** As `fetch` does: it rejects when the signal aborts. */
const rejectsAtTheSignal = (_call: unknown, signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

describe('a check that throws', () => {
  // Catches: a service that is slow, reported as one that is broken.
  it('was late when it does so at the signal', async () => {
    const late = new BoundedCheck({ check: rejectsAtTheSignal }, 20);
    expect(await late.ask(aRiskCall())).toEqual({ verdict: 'unknown', reason: 'timeout' });
  });

  it('has failed when it does so before', async () => {
    const broken = new BoundedCheck({ check: () => Promise.reject(new Error('no')) }, 5_000);
    expect(await broken.ask(aRiskCall())).toEqual({ verdict: 'unknown', reason: 'failed' });
  });
});
