import type { OfferedSenders } from '../../src/sms/senders/sender-choice';

/** Of a gateway that knows none. */
export const noSenders: OfferedSenders = {
  choices: () => null,
  read: () => ({ ok: false, problem: 'has no senders' }),
  of: () => null,
};
