import { setTimeout as delay } from 'node:timers/promises';
import { systemRandom } from '../../../common/random';
import { BindRefusedError } from './session';
import type { SmppSession } from './session';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A session that lasts this long is no failure: after it the pauses are short again. */
const STEADY_MS = 10_000;

/** Half of the pause is chance, so that a restarted SMSC is not met by all instances in the same moment. */
export function pauseMs(failures: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 16));
  return longest / 2 + systemRandom.int(longest / 2 + 1);
}

/** Nobody to send through: not (yet) bound, or not let in with this status. */
export interface NotBound {
  readonly refusedWith: number | null;
}

/** Keeps one session bound until it is closed: whenever it ends, the next is opened after a pause. */
export class SmppLink {
  private session: SmppSession | null = null;
  /** Of the last bind, when it was refused. */
  private refusedWith: number | null = null;
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly held: Promise<void>;

  constructor(private readonly open: (closing: AbortSignal) => Promise<SmppSession>) {
    this.held = this.hold();
  }

  /**
   * The bound session, as soon as there is one; not bound when that takes longer than `waitMs`, the signal is first,
   * or the SMSC does not let us in.
   */
  async bound(signal: AbortSignal, waitMs: number): Promise<SmppSession | NotBound> {
    if (!this.isDecided()) await this.decision(AbortSignal.any([signal, AbortSignal.timeout(waitMs)]));
    return this.session ?? { refusedWith: this.refusedWith };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.session?.close();
    await this.held;
  }

  private async hold(): Promise<void> {
    let failures = 0;
    while (!this.closing.signal.aborted) {
      failures = (await this.holdOne()) ? 0 : failures + 1;
      await delay(pauseMs(failures), undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** @returns whether the session was worth to be called one */
  private async holdOne(): Promise<boolean> {
    try {
      const session = await this.open(this.closing.signal);
      const since = performance.now();
      this.become(session, null);
      await session.ended;
      return performance.now() - since > STEADY_MS;
    } catch (error) {
      this.refusedWith = error instanceof BindRefusedError ? error.status : null;
      return false;
    } finally {
      this.become(null, this.refusedWith);
    }
  }

  private become(session: SmppSession | null, refusedWith: number | null): void {
    this.session = session;
    this.refusedWith = refusedWith;
    for (const wake of [...this.waiting]) wake();
  }

  private isDecided(): boolean {
    return this.session !== null || this.refusedWith !== null;
  }

  private async decision(patience: AbortSignal): Promise<void> {
    while (!this.isDecided() && !patience.aborted) await this.change(patience);
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
