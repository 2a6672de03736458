/** What a delivery's text is made of, gathered from the verification, the application and the delivery. */
import type { Application } from '../../applications/application';
import type { SmsMessage } from '../../sms/gateway';
import { renderMessage } from '../../sms/texts/message';
import type { DeliveryRecord, VerificationRecord } from '../slots/slot';
import type { Personal } from '../verifications/read/verification.view';

export interface TextParts {
  readonly application: Application;
  readonly purpose: string;
  readonly record: Pick<VerificationRecord, 'country' | 'expiresAt'>;
  readonly delivery: Pick<DeliveryRecord, 'channel' | 'locale' | 'appHash' | 'webOtpDomain'>;
  readonly transaction: Personal['transaction'] | undefined;
  readonly code: string;
  /** The database's time. */
  readonly now: Date;
}

export function deliveryText(parts: TextParts): Pick<SmsMessage, 'text' | 'subject' | 'locale'> {
  const { record, delivery, code, purpose } = parts;
  const { settings } = parts.application;
  const { text, subject, locale } = renderMessage(settings, {
    channel: delivery.channel,
    locale: delivery.locale,
    country: record.country,
    purpose,
    code,
    minutes: Math.max(1, Math.round((record.expiresAt.getTime() - parts.now.getTime()) / 60_000)),
    transaction: parts.transaction ?? null,
    appHash: delivery.appHash ?? settings.appHash ?? null,
    webOtpDomain: delivery.webOtpDomain ?? settings.webOtpDomain ?? null,
  });
  return { text, subject, locale };
}
