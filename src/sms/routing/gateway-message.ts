import type { Clock } from '../../common/clock';
import type { SmsMessage } from '../gateway';
import type { Sender } from '../senders/sender';
import type { DeliverInput } from '../sms.service';

/** Field by field: what else the caller knows is no business of a gateway. */
export function messageFor(
  input: DeliverInput,
  gateway: string,
  sender: Sender | null,
  clock: Clock,
): SmsMessage {
  return {
    id: input.deliveryId,
    channel: input.channel,
    to: input.to,
    country: input.country,
    text: input.text,
    subject: input.subject,
    code: input.code,
    locale: input.locale,
    applicationId: input.applicationId,
    sender,
    clientReference: input.clientReference,
    // Read when the request is made: a call may have waited for its turn.
    get secondsLeft() {
      return Math.floor((input.codeEndsAt - clock.monotonic()) / 1_000);
    },
    // Costs a MAC, and not every gateway asks.
    get receiptUrl() {
      return input.receiptUrlFor?.(gateway, 'message') ?? null;
    },
    get accountReceiptUrl() {
      return input.receiptUrlFor?.(gateway, 'account') ?? null;
    },
  };
}
