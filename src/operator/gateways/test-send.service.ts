import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defaultDelivery } from '../../sms/routing/delivery-rules';
import { adminEvent } from '../../audit/admin-event';
import { AuditService } from '../../audit/audit.service';
import type { Channel } from '../../common/channel';
import { Clock } from '../../common/clock';
import { DomainError } from '../../common/errors';
import { newId } from '../../common/ids';
import { toMoneyAnswer } from '../../common/money.dto';
import { invalidField } from '../../common/validation';
import { SlidingWindow } from '../../limits/throttle/sliding-window';
import { maskNumber } from '../../phone/phone-number';
import { PhoneService } from '../../phone/phone.service';
import type { SmsDelivery } from '../../sms/gateway';
import { SmsService } from '../../sms/sms.service';
import type { TestSend, TestSendAnswer } from './gateways.dto';

/** Per minute and instance: enough to try every gateway, too few to run up a bill with a stolen admin key unseen. */
const TESTS_PER_MINUTE = 10;
const WINDOW_MS = 60_000;
/** Nothing in it may be taken for a code. */
const TEST_TEXT = 'This is a test message. It confirms that this gateway reaches your phone.';
/** What WhatsApp templates show in place of a code. */
const TEST_CODE = 'TEST';
/** Names no application: receipts about tests, and tests in the sandbox inbox, concern nobody. */
const NO_APPLICATION = 'operator';
/** A test that arrives later proves nothing any more. */
const TEST_LIFE_MS = 600_000;

interface TestRecipient {
  readonly to: string;
  readonly country: string | null;
  /** For the audit log. */
  readonly masked: string | null;
}

/** Sends one message through exactly one gateway: no fail-over, whatever its breaker says. */
@Injectable()
export class TestSendService {
  private readonly window = new SlidingWindow(WINDOW_MS);

  constructor(
    private readonly sms: SmsService,
    private readonly phones: PhoneService,
    private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `not_found` for the gateway, `phone_invalid`, `invalid_request` when it cannot carry the
   * channel, `rate_limited`
   */
  async send(gateway: string, body: TestSend): Promise<TestSendAnswer> {
    const { channel = 'sms', text = TEST_TEXT } = body;
    this.refuseUnable(gateway, channel);
    const recipient = this.recipientOf(body, channel);
    this.refuseTooMany();
    // Before it is sent: what costs money leaves a trace even if this process dies.
    await this.audit.record({
      ...adminEvent('test_sent', null, { gateway, channel }),
      to: recipient.masked,
    });
    const deliveryId = newId();
    const delivery = await this.sms.deliver({
      deliveryId,
      codeEndsAt: this.clock.monotonic() + TEST_LIFE_MS,
      clientReference: newId() + deliveryId,
      channel,
      to: recipient.to,
      country: recipient.country,
      text,
      subject: channel === 'email' ? 'Test message' : null,
      code: TEST_CODE,
      locale: 'en',
      applicationId: NO_APPLICATION,
      routes: [{ country: '*', tiers: [[{ name: gateway, weight: 1 }]] }],
      exclude: [],
      rules: defaultDelivery,
      // The call is answered within 10 s.
      deadlineMs: 8_000,
    });
    return answerOf(delivery);
  }

  private refuseUnable(gateway: string, channel: Channel): void {
    const report = this.sms.report().find(({ name }) => name === gateway);
    if (!report) {
      const names = this.sms.gatewayNames().join(', ');
      throw new DomainError('not_found', { detail: `There is no such gateway here. There are: ${names}.` });
    }
    if (report.channels.includes(channel)) return;
    throw invalidField('channel', `This gateway carries ${report.channels.join(', ')}.`);
  }

  private recipientOf({ to, country }: TestSend, channel: Channel): TestRecipient {
    if (channel === 'email') {
      if (!z.email().safeParse(to).success) throw invalidField('to', 'Give an e-mail address.');
      return { to, country: null, masked: null };
    }
    const number = this.phones.canonical({ to, ...(country !== undefined && { country }) });
    return { to: number.e164, country: number.country, masked: maskNumber(number) };
  }

  private refuseTooMany(): void {
    const count = this.window.hit('all', TESTS_PER_MINUTE, this.clock.monotonic());
    if (count.isAllowed) return;
    throw new DomainError('rate_limited', {
      detail: `At most ${TESTS_PER_MINUTE} test messages a minute.`,
      retryAfterSeconds: Math.ceil(count.msLeft / 1_000),
    });
  }
}

function answerOf({ outcome, errorCode, vendorCode, attempts }: SmsDelivery): TestSendAnswer {
  const attempt = attempts.at(-1);
  const { reference = null, parts = null, latencyMs = null, estimate, price } = attempt ?? {};
  return {
    outcome,
    reason: errorCode,
    vendorCode,
    reference,
    parts,
    latencyMs,
    estimate: estimate ? toMoneyAnswer(estimate) : null,
    price: price ? toMoneyAnswer(price) : null,
  };
}
