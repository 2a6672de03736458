/** From a delivery in a slot to the message that its gateways get. */
import type { Application } from '../../applications/application';
import type { SmsMessage } from '../../sms/gateway';
import type { InstalledTexts } from '../../sms/texts/installed-texts';
import { renderMessage } from '../../sms/texts/message';
import type { Personal } from '../slots/personal';
import type { DeliveryRecord, Slot } from '../slots/slot';

/** A message without what only its gateway knows. */
export type DeliveryMessage = Omit<
  SmsMessage,
  'id' | 'receiptUrl' | 'accountReceiptUrl' | 'secondsLeft' | 'sender'
>;

export interface MessageParts {
  readonly application: Application;
  /** Its current verification is the one that the message is about. */
  readonly slot: Pick<Slot, 'applicationId' | 'purpose' | 'current'>;
  readonly delivery: DeliveryRecord;
  readonly code: string;
  readonly personal: Personal;
  readonly texts: InstalledTexts;
  /** The database's time. */
  readonly now: Date;
}

export function messageOf({
  application,
  slot,
  delivery,
  code,
  personal,
  texts,
  now,
}: MessageParts): DeliveryMessage {
  const { current } = slot;
  const { settings } = application;
  const { text, subject, locale } = renderMessage(
    settings,
    {
      channel: delivery.channel,
      locale: delivery.locale,
      country: current.country,
      purpose: slot.purpose,
      code,
      secondsLeft: secondsLeft(current.expiresAt, delivery.at, now),
      transaction: personal.transaction ?? null,
      digest: personal.digest ?? null,
      appHash: delivery.appHash ?? settings.appHash ?? null,
      webOtpDomain: delivery.webOtpDomain ?? settings.webOtpDomain ?? null,
    },
    texts,
  );
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

/** What passes between the send and the gateway's turn would make nine minutes of ten. */
const ON_ITS_WAY_MS = 5_000;

/** The life that the text announces: from the send, or from now when it waited longer than a moment. */
function secondsLeft(expiresAt: Date, sentAt: Date, now: Date): number {
  const isOnItsWay = now.getTime() - sentAt.getTime() <= ON_ITS_WAY_MS;
  const from = isOnItsWay ? sentAt : now;
  return Math.max(1, Math.floor((expiresAt.getTime() - from.getTime()) / 1_000));
}
