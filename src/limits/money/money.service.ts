import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { DatabaseClock } from '../../common/mongo/database-clock';
import { BudgetsRepository } from './budgets.repository';
import { warningOf } from './budget-warning';
import { microsOf, viewOf, type Bill, type CapView, type Unpaid } from './bill';
import { capsOf, isCapped, type Cap } from './caps';
import { grantOf, levelsReached } from './grant';
import { capIdsOf, nothingOwed, Payment, type Settlement } from './payment';
import { Purse } from './purse';

/** A call waits no longer for its grant. */
const PATIENCE_MS = 3_000;
/** What nobody has used for so long goes back, for other processes. */
const IDLE_MS = 30_000;

/**
 * Money for gateway calls. Each process holds small amounts of each cap in memory, taken out of the cap's document
 * before anything is spent. So all processes together never spend more than the cap: money is kept or lost (with a
 * process that dies, with a write of which nothing is known), never made.
 */
@Injectable()
export class MoneyService implements OnApplicationShutdown {
  private readonly purses = new Map<string, Purse>();
  private readonly time: DatabaseClock;
  private reading: Promise<Date> | null = null;

  constructor(
    private readonly budgets: BudgetsRepository,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'append'>,
    @Inject(Clock) private readonly clock: Pick<Clock, 'monotonic'>,
  ) {
    this.time = new DatabaseClock(clock);
  }

  /**
   * Takes the estimate of one call from all its caps, or from none. At once while there is money in hand.
   * @param reserved was taken for this call before; it pays, or goes back
   * @throws DomainError `unavailable` when the database does not say whether there is money: then nothing is sent
   */
  charge(bill: Bill, reserved: Payment | null = null): Payment | Unpaid | Promise<Payment | Unpaid> {
    const isOwed = isCapped(bill.settings, bill.country);
    const micros = isOwed ? microsOf(bill) : 0;
    if (reserved?.canPay(micros)) return reserved;
    reserved?.giveBack();
    if (!isOwed) return nothingOwed;
    const now = this.time.now();
    return (now && this.take(this.capsAt(bill, now), micros)) ?? this.chargePatiently(bill, micros);
  }

  /** What the caps of a call say now; nothing is taken. */
  async look(bill: Bill): Promise<{ readonly micros: number; readonly caps: readonly CapView[] }> {
    const caps = this.capsAt(bill, await this.now());
    const views = caps.map(async (cap) =>
      viewOf(cap, this.purses.get(cap.id), await this.budgets.allottedMicros(cap.id)),
    );
    return { micros: microsOf(bill), caps: await Promise.all(views) };
  }

  /** The caps of a payment, by what this process has last heard of them. */
  viewsOf({ caps }: Payment): CapView[] {
    return caps.map((cap) => viewOf(cap, this.purses.get(cap.id)));
  }

  /**
   * Calls have cost other amounts than they were charged. To be called once, by whoever wrote the prices down: money
   * that is credited twice would be money made. In a period that is over nobody spends it, and `tidy` writes it off.
   */
  settle(applicationId: string, settlements: readonly Settlement[] = []): void {
    for (const { charge, costMicros } of settlements) {
      for (const id of capIdsOf(applicationId, charge)) {
        const purse = this.purseOf(id);
        purse.put(charge.micros - costMicros);
        this.bookDebt(purse);
      }
    }
  }

  /** Money that lies idle here goes back; so do periods that have ended. */
  async tidy(idleMs = IDLE_MS): Promise<void> {
    const now = this.clock.monotonic();
    const idle = [...this.purses.values()].filter((purse) => purse.isIdle(now, idleMs));
    await Promise.all(idle.map((purse) => this.emptyOut(purse)));
    for (const purse of idle) {
      this.bookDebt(purse);
      // In its place another one may stand by now, made after an earlier `tidy`. Whatever that holds or owes is its own.
      if (purse.isUnused && this.purses.get(purse.capId) === purse) this.purses.delete(purse.capId);
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.tidy(0);
  }

  private capsAt({ applicationId, country, settings }: Bill, now: Date): Cap[] {
    return capsOf(applicationId, country, settings, now);
  }

  /** All or nothing: no other call comes between the look and the last of them. */
  private take(caps: readonly Cap[], micros: number): Payment | null {
    const purses = caps.map((cap) => this.purseOf(cap.id));
    const isThere = caps.every((cap, index) => isPayable(purses[index], cap, micros));
    if (!isThere) return null;
    const now = this.clock.monotonic();
    for (const purse of purses) purse.spend(micros, now);
    return new Payment(micros, caps, purses, (purse) => this.bookDebt(purse));
  }

  private async chargePatiently(bill: Bill, micros: number): Promise<Payment | Unpaid> {
    const until = this.clock.monotonic() + PATIENCE_MS;
    while (this.clock.monotonic() < until) {
      const caps = this.capsAt(bill, await this.now());
      const paid = this.take(caps, micros);
      if (paid) return paid;
      for (const cap of caps)
        if (!(await this.refill(cap, micros))) return { refusedBy: viewOf(cap, this.purses.get(cap.id)) };
    }
    throw unavailable('Too many messages wait for their budget. Try again.', 2);
  }

  /** @returns false when there is no room; true says only that it is worth another look */
  private async refill(cap: Cap, micros: number): Promise<boolean> {
    const purse = this.purseOf(cap.id);
    if (isPayable(purse, cap, micros)) return true;
    if (purse.isKnownEmpty(micros - purse.inHand, cap.limitMicros, this.clock.monotonic())) return false;
    purse.waiting += micros;
    try {
      // Who waits for the grant of another one looks again, since it may have been too small for both.
      if (purse.refilling) return await purse.refilling.then(always, always);
      purse.refilling = this.grant(cap, purse, micros).finally(() => (purse.refilling = null));
      return await purse.refilling;
    } finally {
      purse.waiting -= micros;
    }
  }

  private async grant(cap: Cap, purse: Purse, micros: number): Promise<boolean> {
    // The limit was lowered: what was taken out under the old one goes back before anything is granted.
    if (cap.limitMicros < purse.limitMicros) await this.emptyOut(purse);
    purse.limitMicros = cap.limitMicros;
    const allotted = await this.budgets.allottedMicros(cap.id);
    const needMicros = micros - purse.inHand;
    // Some came back meanwhile.
    if (needMicros <= 0) return true;
    const wantMicros = purse.wanted(this.clock.monotonic());
    const granted = grantOf(allotted, { limitMicros: cap.limitMicros, needMicros, wantMicros });
    purse.allottedMicros = allotted + granted;
    this.warn(cap, purse, granted === 0);
    if (granted === 0) purse.foundEmpty(needMicros, cap.limitMicros, this.clock.monotonic());
    // Only what is acknowledged is money. After an error it is gone, in case that it was taken.
    else if ((await this.budgets.allot(cap, granted)) === 'allotted') purse.put(granted);
    return granted > 0;
  }

  private purseOf(capId: string): Purse {
    const known = this.purses.get(capId);
    if (known) return known;
    const purse = new Purse(capId);
    this.purses.set(capId, purse);
    return purse;
  }

  /** In memory first: were the write repeated, or the money spent meanwhile, it would be there twice. */
  private async emptyOut(purse: Purse): Promise<void> {
    const micros = purse.takeOut();
    if (micros > 0) await this.budgets.giveBack(purse.capId, micros).catch(() => undefined);
  }

  /** Beyond the limit if need be. While it cannot be written, the debt in memory keeps the purse closed. */
  private bookDebt(purse: Purse): void {
    const micros = -purse.inHand;
    if (micros <= 0 || purse.booking) return;
    purse.booking = true;
    void this.budgets
      .book(purse.capId, micros)
      .then(
        () => purse.put(micros),
        () => undefined,
      )
      .finally(() => (purse.booking = false));
  }

  /** The same event has the same id in every process, so that the log has it once. */
  private warn(cap: Cap, purse: Purse, isRefused: boolean): void {
    const reached = levelsReached(purse.allottedMicros, cap.limitMicros, isRefused);
    const news = reached.filter((level) => !purse.isTold(level, cap.limitMicros));
    if (news.length === 0) return;
    const at = this.time.now() ?? new Date();
    void this.audit.append(news.map((level) => warningOf(cap, level, at))).then(
      () => news.forEach((level) => purse.tell(level, cap.limitMicros)),
      // The next grant tells it.
      () => undefined,
    );
  }

  private async now(): Promise<Date> {
    const known = this.time.now();
    if (known) return known;
    this.reading ??= this.readTime().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readTime(): Promise<Date> {
    const read = await this.budgets.now();
    this.time.observe(read);
    return read;
  }
}

const always = (): true => true;

function isPayable(purse: Purse | undefined, cap: Cap, micros: number): boolean {
  return purse !== undefined && purse.has(micros) && cap.limitMicros >= purse.limitMicros;
}
