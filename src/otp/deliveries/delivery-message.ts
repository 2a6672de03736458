/** From a delivery in a slot to the message that its gateways get. */
import type { Application } from '../../applications/application';
import type { SmsMessage } from '../../sms/gateway';
import { renderMessage } from '../../sms/texts/message';
import type { Personal } from '../slots/personal';
import type { DeliveryRecord, Slot } from '../slots/slot';

/** A message without what only its gateway knows. */
export type DeliveryMessage = Omit<SmsMessage, 'id' | 'receiptUrl' | 'accountReceiptUrl' | 'secondsLeft'>;

export interface MessageParts {
  readonly application: Application;
  /** Its current verification is the one that the message is about. */
  readonly slot: Pick<Slot, 'applicationId' | 'purpose' | 'current'>;
  readonly delivery: DeliveryRecord;
  readonly code: string;
  readonly personal: Personal;
  /** The database's time. */
  readonly now: Date;
}

export function messageOf({
  application,
  slot,
  delivery,
  code,
  personal,
  now,
}: MessageParts): DeliveryMessage {
  const { current } = slot;
  const { settings } = application;
  const { text, subject, locale } = renderMessage(settings, {
    channel: delivery.channel,
    locale: delivery.locale,
    country: current.country,
    purpose: slot.purpose,
    code,
    minutes: Math.max(1, Math.round((current.expiresAt.getTime() - now.getTime()) / 60_000)),
    transaction: personal.transaction ?? null,
    appHash: delivery.appHash ?? settings.appHash ?? null,
    webOtpDomain: delivery.webOtpDomain ?? settings.webOtpDomain ?? null,
  });
  return {
    applicationId: slot.applicationId,
    clientReference: current.id + delivery.id,
    channel: delivery.channel,
    // Without an address no gateway is asked: see DispatchService.
    to: (delivery.channel === 'email' ? personal.email : personal.to) ?? '',
    country: current.country,
    code,
    text,
    subject,
    locale,
  };
}
