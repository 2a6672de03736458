import { Inject, Injectable } from '@nestjs/common';
import { defaultDelivery } from '../../../sms/routing/delivery-rules';
import { ApplicationsService } from '../../../applications/applications.service';
import { unavailable } from '../../../common/errors';
import { newId } from '../../../common/ids';
import { SmsService } from '../../../sms/sms.service';
import type { SmsReceipt } from '../../../sms/receipt';
import { SlotRepository } from '../../slots/slot.repository';
import type { ReceiptAddress } from './links/receipt-addresses.service';
import { LateReceipts } from './late-receipts.service';
import { ReceiptFinder } from './receipt-finder.service';
import type { DeliveryReport, ReportedPlace } from './receipt-finder.service';
import { factOf } from './receipt-match';

/** As for creates: people with a code in hand come first, and a vendor comes again. */
const MAX_WAITING = 500;

/** Authentic receipts, from wherever they come: finds their deliveries and writes down what became of them. */
@Injectable()
export class ReceiptReports {
  constructor(
    private readonly finder: ReceiptFinder,
    private readonly slots: SlotRepository,
    private readonly late: LateReceipts,
    @Inject(ApplicationsService) private readonly applications: Pick<ApplicationsService, 'find'>,
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'feedback'>,
  ) {}

  /**
   * Everything is durable when it resolves, and may be repeated when it rejects.
   * @throws DomainError `unavailable`
   */
  async take(gateway: string, address: ReceiptAddress, receipts: readonly SmsReceipt[]): Promise<void> {
    if (this.slots.waiting > MAX_WAITING) throw unavailable('Too many changes wait. Try again.', 5);
    const reports = await this.finder.find(gateway, address, receipts);
    const results = await Promise.allSettled(reports.map((report) => this.record(gateway, report)));
    // Only now: those that could be written need not wait for the ones that could not.
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  private async record(gateway: string, report: DeliveryReport): Promise<void> {
    if (!report.place) return this.recordLate(gateway, report);
    const { final, isCurrent } = await this.writeTo(report.place, gateway, report);
    this.learn(gateway, report.place, final, report);
    // Replaced meanwhile, and maybe a tombstone already when the receipts came to it.
    if (!isCurrent && !(await this.finder.placeOf(report.name))) await this.recordLate(gateway, report);
  }

  private async writeTo(
    place: ReportedPlace,
    gateway: string,
    { name, receipts }: DeliveryReport,
  ): Promise<{ final: string | null; isCurrent: boolean }> {
    const facts = receipts.map(({ receipt }) => factOf(receipt));
    return this.slots.receipt(place.slotId, {
      op: newId(),
      actor: 'job:receipt',
      ...name,
      gateway,
      proven: receipts.some(({ by }) => by === 'ticket'),
      receipts: facts,
      withinMs: facts.some(({ state }) => state === 'undelivered') ? await this.withinMs(place) : 0,
    });
  }

  private async recordLate(gateway: string, report: DeliveryReport): Promise<void> {
    const outcome = await this.late.record(gateway, report);
    if (outcome) this.learn(gateway, outcome, outcome.final, report);
  }

  /** How long after its send a failed delivery is followed by another one. */
  private async withinMs({ applicationId }: ReportedPlace): Promise<number> {
    const application = await this.applications.find(applicationId);
    const { failoverWithinSeconds } = { ...defaultDelivery, ...application?.settings.delivery };
    return failoverWithinSeconds * 1_000;
  }

  private learn(
    gateway: string,
    { country, delivery }: Pick<ReportedPlace, 'country' | 'delivery'>,
    final: string | null,
    { receipts }: Pick<DeliveryReport, 'receipts'>,
  ): void {
    if (final !== 'delivered' && final !== 'undelivered') return;
    if (final === 'undelivered' && receipts.some(({ receipt }) => isAboutRecipient(receipt))) return;
    this.sms.feedback({ gateway, country, channel: delivery.channel, kind: final });
  }
}

/**
 * Says nothing about the gateway, as when it refuses the call: whoever gives numbers that do not exist could close it
 * for a whole country otherwise, and for other people's applications too.
 */
function isAboutRecipient({ reason }: SmsReceipt): boolean {
  return reason === 'invalid-number' || reason === 'blocked';
}
