/**
 * Group commit: the commands of many requests on many slots travel in one read and one write.
 *
 * One batch is under way per process; while it is, the next one gathers. A majority-journaled write costs mongod
 * 0.3–0.45 ms alone and 0.06–0.13 ms in a batch of sixteen. What is answered:
 * - a change, once a majority has acknowledged the write that holds it;
 * - anything else (a refusal, a repeat), from a majority read that began after the request, or from the state that a
 *   write of this batch has just proven.
 * After an answer that does not say what happened, the presence of an operation in a majority read is an answer. Its
 * absence never is: the write may still land.
 */
import { randomInt } from 'node:crypto';
import type { Clock } from '../../../common/clock';
import { unavailable } from '../../../common/errors';
import type { Slot } from '../slot';
import { BatchCommit, type SlotStore } from './batch-commit';
import { CommitQueue, newWaiting, type Waiting } from './queue';
import type { Answered, SlotTask } from './task';

/** Every call is answered within 10 s. */
const DEADLINE_MS = 8_500;
/** How long an operation that loses races is decided again. */
const RETRY_MS = 5_000;
const RIDE_ALONG_MS = 20;
/** Losers come back a little apart from each other, and the more so the more often they lost. */
const JITTER_MS = 4;
const MAX_JITTER_MS = 64;

export class GroupCommit {
  private readonly queue = new CommitQueue();
  private readonly batches: BatchCommit;
  private running: Promise<void> | null = null;
  private departure: NodeJS.Timeout | null = null;
  /** Losers that wait for their next try. */
  private backing = 0;

  constructor(
    store: SlotStore,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {
    this.batches = new BatchCommit(store, clock, {
      tryAgain: (items) => this.tryAgain(items),
      separate: (items, error) => this.separate(items, error),
    });
  }

  /** Operations that wait for their turn; overload is judged by this. */
  get waiting(): number {
    return this.queue.length + this.backing;
  }

  /** Told of every slot that this process has written, once a majority has it. */
  onWritten(listener: (slot: Slot) => void): void {
    this.batches.onWritten(listener);
  }

  /** Resolves when nothing is queued or under way. */
  async idle(): Promise<void> {
    while (this.running ?? this.waiting > 0) {
      if (this.queue.length > 0) this.leave();
      await (this.running ?? new Promise((resolve) => setTimeout(resolve, JITTER_MS)));
    }
  }

  /**
   * @throws DomainError `unavailable` when no answer came in time or could be read: the outcome is unknown.
   * @throws Error when the database refused this very operation
   */
  submit<Outcome>(task: SlotTask<Outcome>): Promise<Answered<Outcome>> {
    const { waiting, answered } = newWaiting(task, {
      deadlineMs: DEADLINE_MS,
      retryUntil: this.clock.monotonic() + RETRY_MS,
      onGivenUp: () => this.queue.forgetGivenUp(),
    });
    this.queue.add(waiting);
    if (task.ridesAlong) this.leaveLater();
    else this.leave();
    return answered as Promise<Answered<Outcome>>;
  }

  private leave(): void {
    if (this.departure) clearTimeout(this.departure);
    this.departure = null;
    // Whoever waited may have been given up meanwhile: a run of nothing ends before it is known as the running one.
    this.running ??= this.run().then(() => this.rest());
  }

  private rest(): void {
    this.running = null;
    if (this.queue.isUrgent) this.leave();
    else if (this.queue.length > 0) this.leaveLater();
  }

  private leaveLater(): void {
    if (!this.running) this.departure ??= setTimeout(() => this.leave(), RIDE_ALONG_MS);
  }

  private async run(): Promise<void> {
    do {
      const batch = this.queue.take();
      if (batch.size > 0) await this.batches.run(batch);
    } while (this.queue.isUrgent);
  }

  /** Something among these is not acceptable to BSON or the server: alone, it hurts nobody else. */
  private separate(items: readonly Waiting[], error: unknown): void {
    if (items.length === 1) return items[0]?.reject(error);
    for (const item of items) item.alone = true;
    this.queue.addFirst(items);
  }

  /** At the front of a batch to come, so that one hot slot does not hold up its neighbours in this one. */
  private tryAgain(items: readonly Waiting[]): void {
    const open = items.filter((item) => !this.isGivenUp(item));
    const lost = Math.max(0, ...open.map((item) => ++item.lost));
    if (open.length > 0) this.bringBack(open, lost);
  }

  private isGivenUp(item: Waiting): boolean {
    if (this.clock.monotonic() < item.retryUntil) return false;
    item.reject(unavailable('Too many changes to this recipient at once. Try again.'));
    return true;
  }

  private bringBack(items: readonly Waiting[], lost: number): void {
    this.backing += items.length;
    setTimeout(
      () => {
        this.backing -= items.length;
        this.queue.addFirst(items);
        this.leave();
      },
      randomInt(1, Math.min(MAX_JITTER_MS, JITTER_MS * 2 ** lost)),
    );
  }
}
