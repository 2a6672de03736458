import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { withTimeout } from '../../common/with-timeout';
import type { SmsBalance } from '../../sms/gateway';
import { SmsService } from '../../sms/sms.service';

/** A balance, and when the vendor told it. */
export interface KnownBalance {
  readonly balance: SmsBalance;
  readonly at: Date;
}

/** Vendors count these calls, and people reload pages. */
const FRESH_MS = 300_000;
/** Before a vendor that did not answer is asked again. */
const RETRY_MS = 60_000;
const ASK_TIMEOUT_MS = 5_000;

interface Entry {
  readonly known: KnownBalance | null;
  /** Monotonic. */
  readonly askAgainAt: number;
}

/** What is left on the accounts; asked at most every five minutes, and never waited for longer than 5 s. */
@Injectable()
export class Balances {
  private readonly entries = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<KnownBalance | null>>();

  constructor(
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'balance'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Null: the vendor does not tell, or has not answered yet. An old one is better than none: see its time. */
  async of(gateway: string): Promise<KnownBalance | null> {
    const entry = this.entries.get(gateway);
    if (entry && this.clock.monotonic() < entry.askAgainAt) return entry.known;
    const running = this.asking.get(gateway) ?? this.ask(gateway, entry?.known ?? null);
    this.asking.set(gateway, running);
    return running;
  }

  /** The last one known, without asking: a stranger's look at the health must not call a vendor. */
  latest(gateway: string): KnownBalance | null {
    return this.entries.get(gateway)?.known ?? null;
  }

  private async ask(gateway: string, last: KnownBalance | null): Promise<KnownBalance | null> {
    const known = await this.fetch(gateway).catch(() => null);
    const askAgainAt = this.clock.monotonic() + (known ? FRESH_MS : RETRY_MS);
    this.entries.set(gateway, { known: known ?? last, askAgainAt });
    this.asking.delete(gateway);
    return known ?? last;
  }

  private async fetch(gateway: string): Promise<KnownBalance | null> {
    const asked = this.sms.balance(gateway, AbortSignal.timeout(ASK_TIMEOUT_MS));
    // Also from a gateway that ignores its signal.
    const balance = await withTimeout(asked, ASK_TIMEOUT_MS, () => new Error('no balance in time'));
    return balance && { balance, at: new Date(this.clock.now()) };
  }
}
