import { unavailable } from '../../common/errors';

/** Bounds of a {@link BatchedLookup}. */
export interface BatchLimits {
  /** Least time from the end of one query to the start of the next, milliseconds. */
  readonly pauseMs: number;
  /** Keys per query. */
  readonly maxBatch: number;
  /** Keys that may wait; one more is refused with `unavailable`. */
  readonly maxWaiting: number;
}

interface Waiting<V> {
  readonly promise: Promise<V | null>;
  readonly resolve: (value: V | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Look-ups of keys that are not in memory: one query at a time for all that wait. The first leaves at once, the
 * next after a pause with everything that came meanwhile. However many unknown keys a stranger invents, the
 * database sees a bounded number of queries per second, and a good key among them waits for one batch only.
 */
export class BatchedLookup<V> {
  private readonly waiting = new Map<string, Waiting<V>>();
  private isBusy = false;

  /** @param load finds the values of those keys that have one */
  constructor(
    private readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
    private readonly limits: BatchLimits,
  ) {}

  /** The value of the key, or null when it has none. */
  get(key: string): Promise<V | null> {
    const same = this.waiting.get(key);
    if (same) return same.promise;
    if (this.waiting.size >= this.limits.maxWaiting) {
      return Promise.reject(unavailable('Too many unknown keys are being checked. Try again shortly.'));
    }
    const waiting = newWaiting<V>();
    this.waiting.set(key, waiting);
    if (!this.isBusy) void this.run();
    return waiting.promise;
  }

  /** Never rejects: a failed query is an answer for those who waited for it. */
  private async run(): Promise<void> {
    this.isBusy = true;
    await this.answer(this.takeBatch());
    setTimeout(() => {
      this.isBusy = false;
      if (this.waiting.size > 0) void this.run();
    }, this.limits.pauseMs).unref();
  }

  private async answer(batch: ReadonlyMap<string, Waiting<V>>): Promise<void> {
    try {
      const found = await this.load([...batch.keys()]);
      for (const [key, { resolve }] of batch) resolve(found.get(key) ?? null);
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    }
  }

  private takeBatch(): Map<string, Waiting<V>> {
    const batch = new Map<string, Waiting<V>>();
    for (const [key, waiting] of this.waiting) {
      if (batch.size >= this.limits.maxBatch) break;
      batch.set(key, waiting);
      this.waiting.delete(key);
    }
    return batch;
  }
}

/** What `Promise.withResolvers` gives from Node 22 on. */
function newWaiting<V>(): Waiting<V> {
  let resolve: Waiting<V>['resolve'] = () => undefined;
  let reject: Waiting<V>['reject'] = () => undefined;
  const promise = new Promise<V | null>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
