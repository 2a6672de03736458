/**
 * What waits for the next commit. One batch is under way per process; while it is, the next one gathers here. Work
 * that nobody waits for starts no batch of its own for 20 ms: it rides along with the next one.
 */
import { unavailable } from '../../../common/errors';
import type { Answered, SlotTask } from './task';

export interface Waiting {
  readonly task: SlotTask<unknown>;
  resolve(answer: Answered<unknown>): void;
  reject(error: unknown): void;
  /** Monotonic; a loser of races is given up then. */
  readonly retryUntil: number;
  /** Set when the caller has its answer: an operation still queued is then never run. */
  readonly isDone: boolean;
  /** Races lost so far. */
  lost: number;
  /** Decide it on its own: it shared a command with something that the database does not take. */
  alone: boolean;
}

/** A command of 3,000 statements was seen to write 311 ms past an expiry. */
const MAX_SLOTS = 256;
const MAX_PER_SLOT = 32;

export class CommitQueue {
  private waiting: Waiting[] = [];

  get length(): number {
    return this.waiting.length;
  }

  /** Somebody waits for one of them. */
  get isUrgent(): boolean {
    return this.waiting.some(({ task, isDone }) => !task.ridesAlong && !isDone);
  }

  add(waiting: Waiting): void {
    this.waiting.push(waiting);
  }

  addFirst(losers: readonly Waiting[]): void {
    this.waiting.unshift(...losers);
  }

  /** The next batch by slot, in order of arrival; what exceeds a slot's share or the batch stays at the front. */
  take(): Map<string, Waiting[]> {
    const batch = new Map<string, Waiting[]>();
    const left: Waiting[] = [];
    for (const one of this.waiting) {
      if (one.isDone) continue;
      const same = batch.get(one.task.slotId);
      if (isFull(batch, one)) left.push(one);
      else if (same) same.push(one);
      else batch.set(one.task.slotId, [one]);
    }
    this.waiting = left;
    return batch;
  }

  /** Those that wait longest are given up first: overload is judged by who is still there. */
  forgetGivenUp(): void {
    const first = this.waiting.findIndex((one) => !one.isDone);
    this.waiting.splice(0, first < 0 ? this.waiting.length : first);
  }
}

function isFull(batch: ReadonlyMap<string, readonly Waiting[]>, one: Waiting): boolean {
  const [first] = batch.values().next().value ?? [];
  // One that is to go alone takes no company.
  if (first && (first.alone || one.alone)) return true;
  const same = batch.get(one.task.slotId);
  return same ? same.length >= MAX_PER_SLOT : batch.size >= MAX_SLOTS;
}

/** One caller, answered once, at the latest after `deadlineMs`. */
export function newWaiting(
  task: SlotTask<unknown>,
  { deadlineMs, retryUntil, onGivenUp }: { deadlineMs: number; retryUntil: number; onGivenUp: () => void },
): { waiting: Waiting; answered: Promise<Answered<unknown>> } {
  const { promise, resolve, reject } = promiseOf<Answered<unknown>>();
  const state = { isDone: false };
  const timer = setTimeout(() => {
    waiting.reject(unavailable('The database did not answer in time. Repeat with the same Idempotency-Key.'));
    onGivenUp();
  }, deadlineMs);
  const once = (then: () => void): void => {
    if (state.isDone) return;
    state.isDone = true;
    clearTimeout(timer);
    then();
  };
  const waiting: Waiting = {
    task,
    resolve: (answer) => once(() => resolve(answer)),
    reject: (error) => once(() => reject(error)),
    get isDone() {
      return state.isDone;
    },
    retryUntil,
    lost: 0,
    alone: false,
  };
  return { waiting, answered: promise };
}

/** What `Promise.withResolvers` gives from Node 22 on. */
function promiseOf<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
