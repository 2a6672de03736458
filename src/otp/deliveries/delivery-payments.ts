import type { Payment } from '../../limits/money/payment';
import type { CallCost } from '../../limits/money/estimate';
import type { Bill } from '../../limits/money/bill';
import type { MoneyService } from '../../limits/money/money.service';

/** Pays for the gateway calls of one delivery, each before it is made. */
export class DeliveryPayments {
  /** @param reserved what its create or resend has put aside: it pays for the first call */
  constructor(
    private readonly money: Pick<MoneyService, 'charge'>,
    private readonly about: Omit<Bill, 'cost'>,
    private reserved: Payment | null,
  ) {}

  /** Null: there is no money for this call. Rejects when nobody can say. */
  async pay(cost: () => CallCost): Promise<Payment | null> {
    const { reserved } = this;
    this.reserved = null;
    const paid = await this.money.charge({ ...this.about, cost }, reserved);
    return 'refusedBy' in paid ? null : paid;
  }

  /** No call was made with what was put aside. */
  close(): void {
    this.reserved?.giveBack();
    this.reserved = null;
  }
}
