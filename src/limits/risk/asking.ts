/** One check, asked within its bounds: it answers in time, whatever the service behind it does, and never throws. */
import { withTimeout } from '../../common/with-timeout';
import type { RiskCall, RiskCheck, RiskVerdict } from './check';
import { readVerdict } from './verdict';

/** A person waits. Verdicts of captchas and operators take 50 to 500 ms. */
const CHECK_TIMEOUT_MS = 2_000;
/** For a check that does not end at the signal, which the port asks it to. */
const GRACE_MS = 100;

/**
 * Calls of one check at a time and instance. A service that answers within a quarter of a second is asked 1,000 times
 * a second with that, as often as an API key may call; one that never answers holds no more than these.
 */
export const CALLS_AT_A_TIME = 256;

export class BoundedCheck {
  private underWay = 0;

  constructor(
    private readonly check: RiskCheck,
    private readonly timeoutMs = CHECK_TIMEOUT_MS,
  ) {}

  async ask(call: RiskCall): Promise<RiskVerdict> {
    if (this.underWay >= CALLS_AT_A_TIME) return { verdict: 'unknown', reason: 'busy' };
    this.underWay += 1;
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      return readVerdict(await this.inTime(call, signal));
    } catch (error) {
      // A check that ends at the signal, as it should, may do so by throwing: that is no fault of the service.
      return { verdict: 'unknown', reason: error instanceof Late || signal.aborted ? 'timeout' : 'failed' };
    } finally {
      this.underWay -= 1;
    }
  }

  private inTime(call: RiskCall, signal: AbortSignal): Promise<RiskVerdict> {
    // Called in here, so that a check which throws before it promises anything is caught as well.
    const verdict = Promise.resolve().then(() => this.check.check(call, signal));
    return withTimeout(verdict, this.timeoutMs + GRACE_MS, () => new Late());
  }
}

class Late extends Error {}
