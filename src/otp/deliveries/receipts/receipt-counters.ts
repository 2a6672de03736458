import type { ReadinessProbe } from '../../../common/readiness';

/**
 * - `applied`: found their delivery in its slot, whatever they changed there; `late`: in the read model alone.
 * - `unknown`: authentic, but about no delivery that we know of, or about another one than they say.
 * - `refused`: calls to an address that nobody was given; `forged`: wrong or no signature; `malformed`.
 */
const kinds = ['applied', 'late', 'unknown', 'refused', 'forged', 'malformed'] as const;
export type ReceiptCount = (typeof kinds)[number];

/**
 * Why a receipt led to nothing.
 * - `other-delivery`: the address is for one delivery, and the receipt says that it is about another.
 * - `no-reference`: it names no message. `unknown-reference`: it names one that we did not send, or have forgotten.
 * - `unknown-delivery`: no such verification or delivery. `other-gateway`: the delivery did not go through this one,
 *   or goes there by another reference.
 */
export type DropReason =
  | 'other-delivery'
  | 'no-reference'
  | 'unknown-reference'
  | 'unknown-delivery'
  | 'other-gateway'
  | 'forged'
  | 'malformed';

/** Told of each drop; for the log. */
export type DropListener = (gateway: string, reason: DropReason) => void;

/** How receipts fare in this process since its start. */
export class ReceiptCounters {
  private readonly counts = new Map<ReceiptCount, number>(kinds.map((kind) => [kind, 0]));
  /** By gateway: of those that are configured, as nobody else gets this far. */
  private readonly dropped = new Map<string, number>();

  constructor(private readonly onDrop: DropListener = () => undefined) {}

  add(kind: Exclude<ReceiptCount, 'unknown' | 'forged' | 'malformed'>, by = 1): void {
    this.count(kind, by);
  }

  /** Receipts of a gateway that led to nothing, for one reason. */
  drop(gateway: string, reason: DropReason, by = 1): void {
    if (by === 0) return;
    this.count(reason === 'forged' || reason === 'malformed' ? reason : 'unknown', by);
    this.dropped.set(gateway, this.droppedOf(gateway) + by);
    this.onDrop(gateway, reason);
  }

  droppedOf(gateway: string): number {
    return this.dropped.get(gateway) ?? 0;
  }

  report(): Readonly<Record<ReceiptCount, number>> {
    return Object.fromEntries(this.counts) as Record<ReceiptCount, number>;
  }

  private count(kind: ReceiptCount, by: number): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + by);
  }
}

/** Shows the counts in `/health/ready`. It never fails: what vendors send is no reason to turn people away. */
export function receiptsProbe(counters: ReceiptCounters): ReadinessProbe {
  return { name: 'receipts', check: () => Promise.resolve({ ok: true, details: counters.report() }) };
}
