import { Injectable } from '@nestjs/common';
import type { ReceiptScope } from '../../../../sms/sms.service';
import type { DeliveryName } from './receipt-address';
import { ReceiptAddresses } from './receipt-addresses.service';
import { ReceiptReferences } from './receipt-references.repository';

/** What is prepared when a message is sent, so that its receipts find it. */
@Injectable()
export class ReceiptLinks {
  constructor(
    private readonly addresses: ReceiptAddresses,
    private readonly references: ReceiptReferences,
  ) {}

  /** Where a gateway is to report on the delivery; made only for gateways that are really asked. */
  urlsFor(name: DeliveryName): (gateway: string, scope: ReceiptScope) => string | null {
    return (gateway, scope) => {
      if (scope === 'message') return this.addresses.urlFor(gateway, name);
      return this.addresses.canReport(gateway) ? this.addresses.accountUrlFor(gateway) : null;
    };
  }

  /**
   * To be called between the acceptance and the record of it. Idempotent; rejects when it may not be durable.
   * Without references, which is nearly always, it costs nothing.
   */
  async remember(gateway: string | null, references: readonly string[], name: DeliveryName): Promise<void> {
    if (gateway === null || references.length === 0) return;
    await this.references.remember(gateway, references, name);
  }
}
