import type { Cap, MoneySettings } from './caps';
import { estimateOf, type CallCost } from './estimate';
import type { Purse } from './purse';

/** A gateway call that is to be paid for. */
export interface Bill {
  readonly applicationId: string;
  readonly country: string | null;
  readonly settings: MoneySettings;
  /** Only asked when there is a cap. */
  readonly cost: () => CallCost;
}

/** What a cap comes to. */
export interface CapView {
  readonly cap: Cap;
  /** Spent, or in the hands of other processes. */
  readonly usedMicros: number;
}

/** No room in a cap: nothing was taken from any. */
export interface Unpaid {
  readonly refusedBy: CapView;
}

/** Settings with budgets have an assumed price. Were it missing, a call would take all, and not nothing. */
export function microsOf({ settings: { budgets, assumedPrice }, cost }: Bill): number {
  const assumed = assumedPrice ?? budgets?.[0]?.limit;
  return assumed ? estimateOf(cost(), assumed) : 0;
}

/** What lies in this process is not used yet. */
export function viewOf(cap: Cap, purse: Purse | undefined, allotted = purse?.allottedMicros ?? 0): CapView {
  return { cap, usedMicros: allotted - (purse?.inHand ?? 0) };
}
