/**
 * One batch in flight; while it is under way the next one gathers. A batch reads the slots that are not in
 * memory, decides all commands of a slot one after the other and writes one guarded statement per slot. When
 * the answer leaves a doubt, a majority read settles it: an op id that is there took effect, the others decide
 * again. An error fails the whole batch.
 */
import type { Rule, Slot } from './slot';
import type { Change, SlotStore } from './slot-store';

export interface Operation {
  readonly slotId: string;
  /** null: its rule refuses a repeat by itself. */
  readonly op: string | null;
  readonly rule: Rule;
  /** A first guess that the slot is not there yet saves the read; a wrong one is a conflict like any other. */
  readonly guessNew?: boolean;
  /** Nobody waits: rides with the next batch, and starts none of its own for a while. */
  readonly ridesAlong?: boolean;
}

interface Waiting {
  readonly operation: Operation;
  readonly resolve: (outcome: string) => void;
  readonly reject: (error: unknown) => void;
  outcome: string;
  runs: number;
}

interface Decided extends Change {
  readonly waiting: readonly Waiting[];
}

const MAX_BATCH = 256;
const MAX_REMEMBERED = 20_000;
const MAX_RUNS = 10;
const RIDE_LIMIT_MS = 20;

export class GroupCommit {
  private queue: Waiting[] = [];
  private busy = false;
  /** Somebody in the queue waits, or what rides along has waited long enough. */
  private due = false;
  private rideTimer: NodeJS.Timeout | null = null;
  /** The slots this process wrote last, oldest first: a guess, which the version in the filter proves. */
  private readonly remembered = new Map<string, Slot>();

  constructor(private readonly store: SlotStore) {}

  commit(operation: Operation): Promise<string> {
    return new Promise((resolve, reject) => {
      this.queue.push({ operation, resolve, reject, outcome: '', runs: 0 });
      if (operation.ridesAlong) this.rideTimer ??= setTimeout(() => this.startSoon(), RIDE_LIMIT_MS);
      else this.startSoon();
    });
  }

  private startSoon(): void {
    this.due = true;
    if (!this.busy) this.start();
  }

  private start(): void {
    this.busy = true;
    if (this.rideTimer) clearTimeout(this.rideTimer);
    this.rideTimer = null;
    const batch = this.queue.splice(0, MAX_BATCH);
    this.due = this.queue.length > 0;
    this.run(batch)
      .catch((error: unknown) => {
        for (const { operation, reject } of batch) {
          this.remembered.delete(operation.slotId);
          reject(error);
        }
      })
      .finally(() => {
        // The answers of this batch leave first, and their next requests come in.
        if (this.due) setImmediate(() => this.start());
        else this.busy = false;
      });
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    const bySlot = groupBySlot(batch);
    const slots = await this.load(bySlot);
    const now = this.store.now();
    const changes: Decided[] = [];
    for (const [id, waiting] of bySlot) {
      const old = slots.get(id) ?? null;
      const next = decideAll(old, waiting, now);
      if (next) changes.push({ old, next, waiting });
      else for (const { outcome, resolve } of waiting) resolve(outcome);
    }
    if (changes.length === 0) return;
    if (await this.store.write(changes, now)) for (const change of changes) this.succeed(change, change.next);
    else await this.settle(changes);
  }

  private async load(bySlot: ReadonlyMap<string, readonly Waiting[]>): Promise<Map<string, Slot>> {
    const found = new Map<string, Slot>();
    const missing: string[] = [];
    for (const [id, [first]] of bySlot) {
      const slot = this.remembered.get(id);
      if (slot) found.set(id, slot);
      else if (!first?.operation.guessNew || first.runs > 0) missing.push(id);
    }
    if (missing.length > 0)
      for (const [id, slot] of await this.store.read(missing, false)) found.set(id, slot);
    return found;
  }

  private succeed({ waiting }: Decided, slot: Slot): void {
    this.remembered.delete(slot._id);
    this.remembered.set(slot._id, slot);
    if (this.remembered.size > MAX_REMEMBERED) this.forgetOldest();
    for (const { outcome, resolve } of waiting) resolve(outcome);
  }

  private forgetOldest(): void {
    for (const id of this.remembered.keys()) {
      this.remembered.delete(id);
      return;
    }
  }

  private async settle(changes: readonly Decided[]): Promise<void> {
    const ids = changes.map(({ next }) => next._id);
    const seen = await this.store.read(ids, true);
    const again: Waiting[] = [];
    for (const change of changes) {
      const slot = seen.get(change.next._id);
      const tookEffect = change.waiting.some(({ operation: { op } }) =>
        slot?.ops.some((one) => one.op === op),
      );
      this.remembered.delete(change.next._id);
      if (slot && tookEffect) this.succeed(change, slot);
      else again.push(...change.waiting);
    }
    for (const waiting of again)
      if (++waiting.runs === MAX_RUNS) waiting.reject(new Error('too many conflicts'));
    this.queue.unshift(...again.filter(({ runs }) => runs < MAX_RUNS));
    this.due ||= this.queue.length > 0;
  }
}

function groupBySlot(batch: readonly Waiting[]): Map<string, Waiting[]> {
  const bySlot = new Map<string, Waiting[]>();
  for (const waiting of batch) {
    const others = bySlot.get(waiting.operation.slotId);
    if (others) others.push(waiting);
    else bySlot.set(waiting.operation.slotId, [waiting]);
  }
  return bySlot;
}

/** @returns the slot after all of them, or null when each was refused */
function decideAll(old: Slot | null, waiting: readonly Waiting[], now: Date): Slot | null {
  let slot = old;
  for (const one of waiting) {
    const { outcome, next } = one.operation.rule(slot, now);
    one.outcome = outcome;
    slot = next ?? slot;
  }
  return slot && slot !== old ? { ...slot, v: (old?.v ?? now.getTime() * 1000) + 1 } : null;
}
