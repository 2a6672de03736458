/** A message that is to go out: charged, leased to who wrote it, and remembered in the verification. */
import type { DeliveryRecord, VerificationRecord } from '../slot';

/** A delivery as an operation brings it; its times and its lease come with the write. */
export type NewDelivery = Pick<
  DeliveryRecord,
  'id' | 'channel' | 'locale' | 'appHash' | 'webOtpDomain' | 'exclude' | 'callsBefore'
>;

/** Who is going to make the gateway calls. */
export interface LeaseTerms {
  readonly leaseOwner: string;
  readonly leaseMs: number;
}

export function leasedDelivery(
  { id, channel, locale, appHash, webOtpDomain, exclude, callsBefore }: NewDelivery,
  { leaseOwner, leaseMs }: LeaseTerms,
  now: Date,
): DeliveryRecord {
  const delivery: DeliveryRecord = {
    id,
    channel,
    state: 'sending',
    at: now,
    lease: { owner: leaseOwner, n: 1, until: new Date(now.getTime() + leaseMs) },
    locale,
    appHash,
    webOtpDomain,
    provider: null,
    reference: null,
    errorCode: null,
    attemptedAt: null,
    attempts: [],
  };
  return {
    ...delivery,
    ...(exclude ? { exclude } : {}),
    ...(callsBefore === undefined ? {} : { callsBefore }),
  };
}

/** The verification with one more delivery, which is an event. */
export function withDelivery(record: VerificationRecord, delivery: DeliveryRecord): VerificationRecord {
  return { ...record, deliveries: [...record.deliveries, delivery], seq: record.seq + 1 };
}
