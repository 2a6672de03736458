import { knownRecipientMs, knownRecipientUnpaid } from './rules';

interface KnownRecipient {
  readonly since: number;
  unpaid: number;
}

/**
 * Recipients that typed a code lately, by a fingerprint of their number. They are exempt, but for a few messages only:
 * then they have to type one again. The oldest are forgotten first, which only ends their exemption.
 */
export class KnownRecipients {
  private readonly known = new Map<string, KnownRecipient>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.known.size;
  }

  isExempt(fingerprint: string, now: number): boolean {
    const recipient = this.known.get(fingerprint);
    if (!recipient) return false;
    return now - recipient.since < knownRecipientMs && recipient.unpaid < knownRecipientUnpaid;
  }

  sent(fingerprint: string): void {
    const recipient = this.known.get(fingerprint);
    if (recipient) recipient.unpaid += 1;
  }

  typed(fingerprint: string, now: number): void {
    this.known.delete(fingerprint);
    this.known.set(fingerprint, { since: now, unpaid: 0 });
    if (this.known.size <= this.capacity) return;
    const oldest = this.known.keys().next().value;
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
