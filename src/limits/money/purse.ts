const SECOND_MS = 1_000;
/** Money comes back when a process stops or credits, so a cap without room is asked again after this. */
const EMPTY_MS = 1_000;

/**
 * What this process may spend of one cap: money that is allotted to it already. It comes from the cap's document, and
 * goes to gateway calls or back. Times are monotonic milliseconds.
 */
export class Purse {
  /** Below zero: a gateway was dearer than its estimate, and the rest is still to be booked. */
  private micros = 0;
  /** What waits for a grant. */
  waiting = 0;
  /** Payments that nothing has become of yet: money may come back, or more be owed. */
  private open = 0;
  /** The grant that is under way. */
  refilling: Promise<boolean> | null = null;
  /** The limit that its money was granted under. */
  limitMicros = 0;
  /** Of the cap, as its document last said, with what this process got. */
  allottedMicros = 0;
  /** A debt is being written down. */
  booking = false;
  /** Warnings that the audit log has. */
  private readonly told = new Set<string>();
  private usedAt = -Infinity;
  private second = -Infinity;
  private spent = { before: 0, now: 0 };
  private empty = { until: -Infinity, needMicros: 0, limitMicros: 0 };

  constructor(readonly capId: string) {}

  get inHand(): number {
    return this.micros;
  }

  has(micros: number): boolean {
    return this.micros >= micros;
  }

  /** For one payment: `settle` ends it. */
  spend(micros: number, now: number): void {
    this.advance(now);
    this.open += 1;
    this.micros -= micros;
    this.spent.now += micros;
    this.usedAt = now;
  }

  /** What a payment took and did not need; below zero: what it needed beyond that. */
  settle(micros: number): void {
    this.open -= 1;
    this.put(micros);
  }

  /** Granted, or credited by a price that became known later. */
  put(micros: number): void {
    this.micros += micros;
  }

  /** Empties it first: what is on its way back must not be spent meanwhile. */
  takeOut(): number {
    const all = Math.max(0, this.micros);
    this.micros -= all;
    return all;
  }

  /** How much more it could use: as much as lately in a second, and what waits. */
  wanted(now: number): number {
    this.advance(now);
    return Math.max(this.spent.before, this.spent.now) + this.waiting;
  }

  foundEmpty(needMicros: number, limitMicros: number, now: number): void {
    this.empty = { until: now + EMPTY_MS, needMicros, limitMicros };
  }

  /** There was no room for as much a moment ago, and a limit that is no higher makes none. */
  isKnownEmpty(needMicros: number, limitMicros: number, now: number): boolean {
    const { until, needMicros: missing, limitMicros: limit } = this.empty;
    return now < until && needMicros >= missing && limitMicros <= limit;
  }

  isIdle(now: number, forMs: number): boolean {
    return this.waiting === 0 && now - this.usedAt >= forMs;
  }

  /** Nothing is lost with it, and nothing can come back to it. */
  get isUnused(): boolean {
    return this.micros === 0 && this.waiting === 0 && this.open === 0;
  }

  isTold(level: number, limitMicros: number): boolean {
    return this.told.has(`${limitMicros}:${level}`);
  }

  tell(level: number, limitMicros: number): void {
    this.told.add(`${limitMicros}:${level}`);
  }

  private advance(now: number): void {
    const passed = now - this.second;
    if (passed < SECOND_MS) return;
    this.spent = { before: passed < 2 * SECOND_MS ? this.spent.now : 0, now: 0 };
    this.second = now;
  }
}
