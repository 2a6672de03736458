import type { Money } from '../../common/money';
import { capId, type Cap } from './caps';
import type { Purse } from './purse';

/** What a gateway call was charged, as its record keeps it: who learns its price later can settle the difference. */
export interface Charge {
  readonly micros: number;
  readonly currency: string;
  /** Keys of the caps; see `Cap`. */
  readonly caps: readonly string[];
}

/** A price that became known after the call: what stood for it before, and what it has cost. */
export interface Settlement {
  readonly charge: Charge;
  readonly costMicros: number;
}

/** Money that was taken for one gateway call. What becomes of it is decided once; everything later changes nothing. */
export class Payment {
  private isOpen = true;

  constructor(
    readonly micros: number,
    readonly caps: readonly Cap[],
    private readonly purses: readonly Purse[],
    /** The call cost more than was in hand. */
    private readonly onDebt: (purse: Purse) => void,
  ) {}

  /** Nothing has become of it yet, and it is as much as is asked for. */
  canPay(micros: number): boolean {
    return this.isOpen && this.micros === micros;
  }

  /** The call was not made, or refused for certain. */
  giveBack(): void {
    this.settle(0);
  }

  /** The call was made, and its price is not known. @returns null when no cap holds for it */
  stands(): Charge | null {
    this.settle(this.micros);
    return this.chargeOf(this.micros);
  }

  /** The gateway has said at once what it takes. In another currency it says nothing: rates are not invented. */
  costs({ micros, currency }: Money): Charge | null {
    if (currency !== this.caps[0]?.currency) return this.stands();
    this.settle(Math.max(0, micros));
    return this.chargeOf(Math.max(0, micros));
  }

  private settle(micros: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const purse of this.purses) {
      purse.settle(this.micros - micros);
      if (purse.inHand < 0) this.onDebt(purse);
    }
  }

  private chargeOf(micros: number): Charge | null {
    const [first] = this.caps;
    return first ? { micros, currency: first.currency, caps: this.caps.map(({ key }) => key) } : null;
  }
}

/** No cap holds for the call. */
export const nothingOwed = new Payment(0, [], [], () => undefined);

/** The documents that a charge was taken from. */
export function capIdsOf(applicationId: string, { caps, currency }: Charge): string[] {
  return caps.map((key) => capId(applicationId, key, currency));
}
