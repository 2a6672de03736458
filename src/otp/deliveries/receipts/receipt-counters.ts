import type { ReadinessProbe } from '../../../common/readiness';

/**
 * - `applied`: found their delivery in its slot, whatever they changed there; `late`: in the read model alone.
 * - `unknown`: authentic, but about no delivery that we know of, or about another one than they say.
 * - `refused`: calls to an address that nobody was given; `forged`: wrong or no signature; `malformed`.
 */
const kinds = ['applied', 'late', 'unknown', 'refused', 'forged', 'malformed'] as const;
export type ReceiptCount = (typeof kinds)[number];

/** How receipts fare in this process since its start. */
export class ReceiptCounters {
  private readonly counts = new Map<ReceiptCount, number>(kinds.map((kind) => [kind, 0]));

  add(kind: ReceiptCount, by = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + by);
  }

  report(): Readonly<Record<ReceiptCount, number>> {
    return Object.fromEntries(this.counts) as Record<ReceiptCount, number>;
  }
}

/** Shows the counts in `/health/ready`. It never fails: what vendors send is no reason to turn people away. */
export function receiptsProbe(counters: ReceiptCounters): ReadinessProbe {
  return { name: 'receipts', check: () => Promise.resolve({ ok: true, details: counters.report() }) };
}
