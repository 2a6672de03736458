import { knownRecipientMs, knownRecipientUnpaid } from './rules';

/**
 * Recipients that typed a code lately, by a fingerprint of their number. They are exempt, but for a few messages only:
 * then they have to type one again. The oldest are forgotten first, which only ends their exemption.
 */
export class KnownRecipients {
  /** When they typed it, the longest ago first. */
  private readonly typedAt = new Map<number, number>();
  /** Messages since then: most people type their codes, so few have any. */
  private readonly unpaid = new Map<number, number>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.typedAt.size;
  }

  isExempt(fingerprint: number, now: number): boolean {
    const at = this.typedAt.get(fingerprint);
    if (at === undefined || now - at >= knownRecipientMs) return false;
    return (this.unpaid.get(fingerprint) ?? 0) < knownRecipientUnpaid;
  }

  sent(fingerprint: number): void {
    if (this.typedAt.has(fingerprint)) this.unpaid.set(fingerprint, (this.unpaid.get(fingerprint) ?? 0) + 1);
  }

  typed(fingerprint: number, now: number): void {
    this.forget(fingerprint);
    this.typedAt.set(fingerprint, now);
    if (this.size <= this.capacity) return;
    const oldest = this.typedAt.keys().next().value;
    if (oldest !== undefined) this.forget(oldest);
  }

  private forget(fingerprint: number): void {
    this.typedAt.delete(fingerprint);
    this.unpaid.delete(fingerprint);
  }
}
