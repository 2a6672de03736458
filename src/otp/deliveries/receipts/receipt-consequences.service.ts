import { Inject, Injectable } from '@nestjs/common';
import { BlocksService } from '../../../limits/blocks/blocks.service';
import { MoneyService } from '../../../limits/money/money.service';
import { isPermanent, OPTED_OUT } from '../../../sms/permanent-reasons';
import { SmsService } from '../../../sms/sms.service';
import type { Settled } from '../../slots/rules/delivery/settlement';
import type { DeliveryRecord } from '../../slots/slot';
import type { DeliveryReport, ReportedPerson } from './receipt-finder.service';

type Told = Pick<DeliveryReport, 'receipts'>;

/** What follows from receipts beyond the delivery that they are about. */
@Injectable()
export class ReceiptConsequences {
  constructor(
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'feedback'>,
    @Inject(BlocksService) private readonly blocks: Pick<BlocksService, 'stop'>,
    @Inject(MoneyService) private readonly money: Pick<MoneyService, 'settle'>,
  ) {}

  /** Only for who wrote the prices down: each counts once. */
  settle(
    { applicationId }: Pick<ReportedPerson, 'applicationId'>,
    settlements: Settled['settlements'],
  ): void {
    this.money.settle(applicationId, settlements);
  }

  /**
   * For the breakers.
   * @param final the state that became final by these receipts; null: none did
   */
  learn(
    gateway: string,
    {
      country,
      delivery,
    }: { readonly country: string | null; readonly delivery: Pick<DeliveryRecord, 'channel'> },
    final: string | null,
    { receipts }: Told,
  ): void {
    if (final !== 'delivered' && final !== 'undelivered') return;
    // Whoever gives numbers that do not exist could close a gateway for a country, and for other people too.
    if (final === 'undelivered' && receipts.some(({ receipt }) => isPermanent(receipt.reason))) return;
    this.sms.feedback({ gateway, country, channel: delivery.channel, kind: final });
  }

  /** The person said STOP: the application does not send there any more. Durable when it resolves. */
  async stop(
    gateway: string,
    { applicationId, recipient, masked }: ReportedPerson,
    { channel }: Pick<DeliveryRecord, 'channel'>,
    { receipts }: Told,
  ): Promise<void> {
    // An address that wants no e-mail says nothing of the number.
    if (recipient === null || channel === 'email') return;
    if (!receipts.some(({ receipt: { state, reason } }) => state === 'undelivered' && reason === OPTED_OUT))
      return;
    await this.blocks.stop({ applicationId, recipient, masked, author: `receipt:${gateway}` });
  }
}
