import type { DeliveryRecord, Slot, VerificationRecord } from '../../slots/slot';

/** A verification without what only the engine needs: no code, no MAC, no digest, no masked number, no way to go. */
type RecordCopy = Pick<
  VerificationRecord,
  | 'id'
  | 'status'
  | 'kid'
  | 'policy'
  | 'checksUsed'
  | 'createdAt'
  | 'expiresAt'
  | 'endedAt'
  | 'country'
  | 'channel'
  | 'personal'
  | 'deliveries'
  | 'seq'
  | 'rev'
>;

/**
 * A verification as the read model keeps it: a copy of the slot's state at version `seq`, `rev`. `personal` is null
 * once it was removed, 24 hours after the end; deliveries carry no lease.
 */
export interface VerificationSnapshot extends RecordCopy {
  readonly applicationId: string;
  readonly purpose: string;
  /** HMAC of (application, recipient); null once it was removed, 31 days after the creation. */
  readonly recipient: string | null;
  /** The slot's `_id`: part of what `personal` was sealed with. Empty once `recipient` was removed. */
  readonly slotId: string;
  /** The slot's send window when this was copied; together with the verification's policy it gives `sends`. */
  readonly sends: readonly Date[];
}

/** As read, with the database's time. Pending at or after `expiresAt` reads as expired. */
export interface StoredVerification extends VerificationSnapshot {
  readonly now: Date;
}

export function snapshotOf(slot: Slot, record: VerificationRecord): VerificationSnapshot {
  return {
    id: record.id,
    applicationId: slot.applicationId,
    purpose: slot.purpose,
    recipient: slot.recipient,
    slotId: slot._id,
    status: record.status,
    kid: record.kid,
    policy: record.policy,
    checksUsed: record.checksUsed,
    createdAt: record.createdAt,
    expiresAt: record.expiresAt,
    endedAt: record.endedAt,
    country: record.country,
    channel: record.channel,
    deliveries: record.deliveries.map(withoutLease),
    personal: record.personal,
    sends: slot.sends,
    seq: record.seq,
    ...(record.rev === undefined ? {} : { rev: record.rev }),
  };
}

function withoutLease({ lease: _, ...delivery }: DeliveryRecord): DeliveryRecord {
  return delivery;
}
