import { Inject, Injectable, Logger } from '@nestjs/common';
import { deliveryRules } from '../../../sms/routing/delivery-rules';
import { ApplicationsService } from '../../../applications/applications.service';
import { unavailable } from '../../../common/errors';
import type { SmsReceipt } from '../../../sms/receipt';
import type { ReceiptOutcome } from '../../slots/rules/delivery/receipt';
import { SlotsService } from '../../slots/slots.service';
import type { ReceiptAddress } from './links/receipt-addresses.service';
import { ReceiptConsequences } from './receipt-consequences.service';
import { LateReceipts } from './late-receipts.service';
import { ReceiptFinder } from './receipt-finder.service';
import type { DeliveryReport, ReportedPlace } from './receipt-finder.service';
import { factOf } from './receipt-match';

/** So many different words are told of; a vendor that makes them up would fill the log. */
const MAX_UNKNOWN_WORDS = 200;

/** As for creates: people with a code in hand come first, and a vendor comes again. */
const MAX_WAITING = 500;

/** Authentic receipts, from wherever they come: finds their deliveries and writes down what became of them. */
@Injectable()
export class ReceiptReports {
  private readonly logger = new Logger(ReceiptReports.name);
  private readonly unknownWords = new Set<string>();

  constructor(
    private readonly finder: ReceiptFinder,
    private readonly slots: SlotsService,
    private readonly late: LateReceipts,
    @Inject(ApplicationsService) private readonly applications: Pick<ApplicationsService, 'find'>,
    private readonly consequences: ReceiptConsequences,
  ) {}

  /**
   * Everything is durable when it resolves, and may be repeated when it rejects.
   * @throws DomainError `unavailable`
   */
  async take(gateway: string, address: ReceiptAddress, receipts: readonly SmsReceipt[]): Promise<void> {
    this.tellUnknownWords(gateway, receipts);
    if (this.slots.waiting > MAX_WAITING) throw unavailable('Too many changes wait. Try again.', 5);
    const reports = await this.finder.find(gateway, address, receipts);
    const results = await Promise.allSettled(reports.map((report) => this.record(gateway, report)));
    // Only now: those that could be written need not wait for the ones that could not.
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** Each word of a vendor that no table has, once: whoever reads the log can say what it means. */
  private tellUnknownWords(gateway: string, receipts: readonly SmsReceipt[]): void {
    for (const { unknownWord: word, state } of receipts) {
      const key = `${gateway} ${word}`;
      if (!word || this.unknownWords.has(key) || this.unknownWords.size >= MAX_UNKNOWN_WORDS) continue;
      this.unknownWords.add(key);
      this.logger.warn('a receipt has a word that this gateway does not know', { gateway, word, state });
    }
  }

  private async record(gateway: string, report: DeliveryReport): Promise<void> {
    const { place } = report;
    if (!place) return this.recordLate(gateway, report);
    // Before the slot says that it knows: what fails here comes again. Once it knows, a repeat of the receipt must not
    // bring back a block that somebody has removed since.
    if (!place.delivery.finalAt) await this.consequences.stop(gateway, place, place.delivery, report);
    const { kind, final, settlements } = await this.writeTo(place, gateway, report);
    this.consequences.settle(place, settlements);
    this.consequences.learn(gateway, place, final, report);
    // A tombstone already when the receipts came to it.
    if (kind === 'no_place') await this.recordLate(gateway, report);
  }

  private async writeTo(
    place: ReportedPlace,
    gateway: string,
    { name, receipts }: DeliveryReport,
  ): Promise<ReceiptOutcome> {
    const facts = receipts.map(({ receipt }) => factOf(receipt));
    return this.slots.receipt(place.slotId, {
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
    if (!outcome) return;
    this.consequences.settle(outcome, outcome.settlements);
    this.consequences.learn(gateway, outcome, outcome.final, report);
    await this.consequences.stop(gateway, outcome, outcome.delivery, report);
  }

  /** How long after its send a failed delivery is followed by another one. */
  private async withinMs({ applicationId }: ReportedPlace): Promise<number> {
    const application = await this.applications.find(applicationId);
    const { failoverWithinSeconds } = deliveryRules(application?.settings.delivery);
    return failoverWithinSeconds * 1_000;
  }
}
