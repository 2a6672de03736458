import { defaultDelivery } from '../../src/sms/routing/delivery-rules';
import type { DeliveryRules } from '../../src/sms/routing/delivery-rules';
import type { DeliverInput } from '../../src/sms/sms.service';
import { aMessage } from '../../src/testing/message';

type Changes = Partial<Omit<DeliverInput, 'rules'>> & { readonly rules?: Partial<DeliveryRules> };

/** A text to a Spanish phone, by the usual rules and the server's routes. */
export function aDelivery({ rules, ...more }: Changes = {}): DeliverInput {
  const {
    id,
    receiptUrl: _receiptUrl,
    accountReceiptUrl: _accountReceiptUrl,
    secondsLeft: _secondsLeft,
    sender: _sender,
    ...message
  } = aMessage();
  return {
    ...message,
    deliveryId: id,
    codeEndsAt: Infinity,
    routes: null,
    exclude: [],
    deadlineMs: 15_000,
    rules: { ...defaultDelivery, ...rules },
    ...more,
  };
}
