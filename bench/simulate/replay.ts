/** One trace against one guard. */
import type { Guard } from './guards';
import type { Request, Trace } from './traces';

export interface Result {
  /** Messages of the attack that went out, and what they cost. */
  readonly leaked: number;
  readonly leakedMicros: number;
  /** The most in one 10k block. */
  readonly leakedInBlock: number;
  /** From the first message of the attack to the first refused one; null: none was. */
  readonly blockedAfterMs: number | null;
  /** Messages that people asked for while the trace was on, and those that were refused. */
  readonly asked: number;
  readonly refused: number;
  readonly blocksBegun: number;
  readonly mostOfCeiling: number;
  /** Times of the messages of the attack that went out, after its start. */
  readonly leakTimes: readonly number[];
}

interface Typing {
  readonly at: number;
  readonly request: Request;
}

export function replay(trace: Trace, guard: Guard): Result {
  const typings = new Typings();
  const tally = new Tally(trace);
  for (const request of trace.requests) {
    for (const typing of typings.until(request.at)) guard.typed(typing.request, typing.at);
    tally.isAsked(request, guard);
    if (!guard.allows(request, request.at)) {
      tally.isRefused(request);
      continue;
    }
    guard.sent(request, request.at);
    tally.isSent(request);
    if (request.typedAfter !== null && !isLost(trace, request.at)) {
      typings.add({ at: request.at + request.typedAfter, request });
    }
  }
  return tally.result(guard);
}

class Tally {
  private readonly leakTimes: number[] = [];
  private readonly blocks = new Map<string, number>();
  private leakedMicros = 0;
  private blockedAt: number | null = null;
  private asked = 0;
  private refused = 0;
  /** Blocks before the trace is on; null: it is not yet. */
  private blocksBefore: number | null = null;

  constructor(private readonly trace: Trace) {}

  isAsked({ at, isAttack }: Request, guard: Guard): void {
    if (at < this.trace.from) return;
    this.blocksBefore ??= guard.blocksBegun ?? 0;
    if (!isAttack) this.asked += 1;
  }

  isRefused({ at, isAttack }: Request): void {
    if (isAttack) this.blockedAt ??= at;
    else if (at >= this.trace.from) this.refused += 1;
  }

  isSent({ at, isAttack, to, priceMicros }: Request): void {
    if (!isAttack) return;
    const block = to.slice(0, -4);
    this.blocks.set(block, (this.blocks.get(block) ?? 0) + 1);
    this.leakTimes.push(at - this.trace.from);
    this.leakedMicros += priceMicros;
  }

  result(guard: Guard): Result {
    const { leakTimes, leakedMicros, asked, refused, blockedAt } = this;
    return {
      ...{ leaked: leakTimes.length, leakedMicros, leakTimes, asked, refused },
      leakedInBlock: Math.max(0, ...this.blocks.values()),
      blockedAfterMs: blockedAt === null ? null : blockedAt - this.trace.from,
      blocksBegun: (guard.blocksBegun ?? 0) - (this.blocksBefore ?? 0),
      mostOfCeiling: guard.mostOfCeiling ?? 0,
    };
  }
}

const isLost = ({ outage }: Trace, at: number): boolean =>
  outage !== null && at >= outage.from && at < outage.until;

/** Codes that will be typed, by time: a binary heap. */
class Typings {
  private readonly heap: Typing[] = [];

  add(typing: Typing): void {
    const { heap } = this;
    let at = heap.push(typing) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.time(parent) <= typing.at) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  *until(now: number): Generator<Typing> {
    while (this.heap[0] && this.heap[0].at <= now) {
      yield this.heap[0];
      this.removeFirst();
    }
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = this.time(right) < this.time(left) ? right : left;
      if (this.time(child) >= this.time(at)) return;
      this.swap(at, child);
      at = child;
    }
  }

  private time(index: number): number {
    return this.heap[index]?.at ?? Infinity;
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b] as Typing, heap[a] as Typing];
  }
}
