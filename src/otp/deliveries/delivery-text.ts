/** What a delivery's text is made of, gathered from the verification, the application and the delivery. */
import type { Application } from '../../applications/application';
import { chooseLocale } from '../../sms/texts/locale';
import type { SmsMessage } from '../../sms/sms-provider';
import { renderText } from '../../sms/texts/text';
import type { DeliveryRecord, VerificationRecord } from '../slot/slot';
import type { Personal } from '../read/verification.view';

export interface TextParts {
  readonly application: Application;
  readonly purpose: string;
  readonly record: Pick<VerificationRecord, 'country' | 'expiresAt'>;
  readonly delivery: Pick<DeliveryRecord, 'locale' | 'appHash' | 'webOtpDomain'>;
  readonly transaction: Personal['transaction'] | undefined;
  readonly code: string;
  /** The database's time. */
  readonly now: Date;
}

export function deliveryText(parts: TextParts): Pick<SmsMessage, 'text' | 'subject' | 'locale'> {
  const { application, record, delivery, transaction } = parts;
  const { settings } = application;
  const minutes = Math.max(1, Math.round((record.expiresAt.getTime() - parts.now.getTime()) / 60_000));
  const locale = chooseLocale(delivery.locale, settings.locale ?? null, record.country);
  const text = renderText({
    locale,
    brand: settings.brand ?? null,
    code: parts.code,
    minutes,
    purpose: parts.purpose,
    ...(transaction ? { transaction } : {}),
    appHash: delivery.appHash ?? settings.appHash ?? null,
    webOtpDomain: delivery.webOtpDomain ?? settings.webOtpDomain ?? null,
  });
  return { text, subject: null, locale };
}
