/** What is told of deliveries for which no gateway is asked. */
import type { SmsDelivery } from '../../sms/gateway';

const uncalled = {
  provider: null,
  reference: null,
  errorCode: null,
  vendorCode: null,
  attempts: [],
  receiptReferences: [],
} as const;

/** Nobody is texted: who tests knows the code. No gateway has this name. */
export const toTestNumber: SmsDelivery = { ...uncalled, outcome: 'accepted', provider: 'test-number' };

/** A send by e-mail to somebody whose address nobody gave. */
export const noAddress: SmsDelivery = { ...uncalled, outcome: 'rejected', errorCode: 'no-address' };
