import type { SmsReceipt } from './receipt';

export type ReceiptHandler = (gateway: string, receipts: readonly SmsReceipt[]) => Promise<void>;

/**
 * Where gateways put receipts that come by a connection of their own. Who writes them down is built on top of this
 * and connects itself at the start; until then they are rejected, and the vendor delivers them again.
 */
export class ReceiptInbox {
  private handler: ReceiptHandler | null = null;

  connect(handler: ReceiptHandler): void {
    this.handler = handler;
  }

  /** Resolves when they are safe. */
  async receive(gateway: string, receipts: readonly SmsReceipt[]): Promise<void> {
    if (!this.handler) throw new Error('nobody takes receipts yet');
    await this.handler(gateway, receipts);
  }
}
