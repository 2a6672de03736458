import type { RejectReason, SmsOutcome } from '../../src/sms/gateway';

export const rejected = (reason: RejectReason, vendorCode: string): SmsOutcome => ({
  outcome: 'rejected',
  reason,
  vendorCode,
});
