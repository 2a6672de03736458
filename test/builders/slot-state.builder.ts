/** Slots and what they hold, with everything filled in; a test names what it is about. */
import type { AttemptRecord, DeliveryRecord, Slot, VerificationRecord } from '../../src/otp/slots/slot';

const T0 = Date.UTC(2026, 0, 1);

/** The moment `ms` after the slot of {@link aSlot} was made. */
export const at = (ms: number): Date => new Date(T0 + ms);

/** A call that the gateway `acme` accepted. */
export function anAttempt(overrides: Partial<AttemptRecord> = {}): AttemptRecord {
  const provider = overrides.provider ?? 'acme';
  return {
    provider,
    outcome: 'accepted',
    reason: null,
    vendorCode: null,
    latencyMs: 3,
    reference: `${provider}-1`,
    parts: 1,
    estimate: null,
    price: null,
    ...overrides,
  };
}

/** A text that this instance (`me`) is about to send: leased for 30 s. */
export function aDelivery(overrides: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    id: 'd1',
    channel: 'sms',
    state: 'sending',
    at: at(0),
    lease: { owner: 'me', n: 1, until: at(30_000) },
    locale: null,
    appHash: null,
    webOtpDomain: null,
    provider: null,
    reference: null,
    errorCode: null,
    attemptedAt: null,
    attempts: [],
    ...overrides,
  };
}

/** A pending verification of ten minutes and five checks, with one delivery. */
export function aRecord(overrides: Partial<VerificationRecord> = {}): VerificationRecord {
  return {
    id: 'v1',
    status: 'pending',
    mac: Buffer.alloc(32, 1),
    sealed: Buffer.from('sealed code'),
    kid: 'k1',
    policy: {
      maxChecks: 5,
      ttlMs: 600_000,
      codeLength: 6,
      codeAlphabet: 'numeric',
      sends: { windowMs: 600_000, sendsMax: 5, cooldownMs: 30_000 },
    },
    checksUsed: 0,
    createdAt: at(0),
    expiresAt: at(600_000),
    endedAt: null,
    country: 'GB',
    channel: 'sms',
    masked: '+44*********00',
    transactionDigest: null,
    personal: Buffer.from('sealed person'),
    deliveries: [aDelivery()],
    refunds: 0,
    seq: 1,
    ...overrides,
  };
}

/** The slot right after its first verification was started; `ids` follow from what it holds. */
export function aSlot(overrides: Partial<Slot> = {}): Slot {
  const current = overrides.current ?? aRecord();
  const past = overrides.past ?? [];
  return {
    _id: 'slot-1',
    key: 'slot-1-and-the-rest-of-its-hmac',
    applicationId: 'app',
    purpose: 'default',
    recipient: 'recipient',
    v: 1_000,
    ids: [...past.map(({ id }) => id), current.id],
    current,
    past,
    failures: 0,
    sends: [at(0)],
    ops: [],
    outbox: [],
    ...overrides,
  };
}
