import { Inject, Injectable } from '@nestjs/common';
import { SmsSettings } from '../../../config/settings';
import { toMoneyAnswer } from '../../common/money.dto';
import { ReceiptAddresses } from '../../otp/deliveries/receipts/links/receipt-addresses.service';
import { ReceiptCounters } from '../../otp/deliveries/receipts/receipt-counters';
import type { GatewayReport } from '../../sms/routing/gateway-report';
import { SmsService } from '../../sms/sms.service';
import { Balances } from './balances.service';
import { rounded, routedChannels, shownSender } from './gateway-view';
import type { GatewayAnswer } from './gateways.dto';

/** What the operator may know of the gateways of this instance. */
@Injectable()
export class GatewaysService {
  constructor(
    private readonly sms: SmsService,
    private readonly balances: Balances,
    private readonly addresses: ReceiptAddresses,
    private readonly receipts: ReceiptCounters,
    @Inject(SmsSettings) private readonly settings: SmsSettings,
  ) {}

  /** Answers within five seconds, also when no vendor does. */
  async list(): Promise<GatewayAnswer[]> {
    return Promise.all(this.sms.report().map((report) => this.describe(report)));
  }

  private async describe(report: GatewayReport): Promise<GatewayAnswer> {
    const { name, destinations, pauses, successRate, channels, ...measured } = report;
    const supports = this.sms.supports(name);
    const known = supports.balance ? await this.balances.of(name) : null;
    return {
      ...measured,
      name,
      channels: [...channels],
      routes: routedChannels(name, this.settings.routes).map(({ channel, countries }) => ({
        channel,
        countries: [...countries],
      })),
      pauses: pauses.map(({ channel, sender, until }) => ({
        channel,
        sender: shownSender(sender),
        until: until.toISOString(),
      })),
      successRate: rounded(successRate),
      breakers: destinations.map(breakerAnswer),
      balance: known && { ...toMoneyAnswer(known.balance), at: known.at.toISOString() },
      droppedReceipts: this.receipts.droppedOf(name),
      receiptUrl: supports.receipts ? this.addresses.accountUrlFor(name) : null,
      supports: { ...supports },
    };
  }
}

function breakerAnswer(one: GatewayReport['destinations'][number]): GatewayAnswer['breakers'][number] {
  const { country, channel, state, cause, retryAt, calls, successRate } = one;
  const retry = retryAt?.toISOString() ?? null;
  return { country, channel, state, cause, retryAt: retry, calls, successRate: rounded(successRate) };
}
