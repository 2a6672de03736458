import { newId } from '../common/ids';
import type { SmsMessage } from '../sms/gateway';

/** A text whose code and number are easy to find wherever they should not be. */
export function aMessage(more: Partial<SmsMessage> = {}): SmsMessage {
  return {
    id: newId(),
    channel: 'sms',
    to: '+34600987123',
    country: 'ES',
    text: 'Your code is 483920. Never share it.',
    subject: null,
    code: '483920',
    locale: 'en',
    applicationId: newId(),
    sender: null,
    secondsLeft: 600,
    clientReference: newId() + newId(),
    receiptUrl: null,
    accountReceiptUrl: null,
    ...more,
  };
}
