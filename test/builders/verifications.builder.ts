/** Verifications as the read model holds them; a test names what it is about, or draws any. */
import fc from 'fast-check';
import { channels } from '../../src/common/channel';
import type { VerificationSnapshot } from '../../src/otp/relay/read-model/snapshot';
import { deliveryStates, type AttemptRecord, type DeliveryRecord } from '../../src/otp/slots/slot';

/** Two hours before the end of a day. */
export const START = Date.UTC(2026, 0, 31, 22);
export const HOUR_MS = 3_600_000;

export const delivery = (change: Partial<DeliveryRecord> = {}): DeliveryRecord => {
  const { provider = 'x' } = change;
  return {
    id: 'd',
    channel: 'sms',
    state: 'accepted',
    at: new Date(START),
    locale: null,
    appHash: null,
    webOtpDomain: null,
    provider,
    reference: null,
    errorCode: null,
    attemptedAt: new Date(START),
    attempts: [attempt({ provider: provider ?? 'x' })],
    ...change,
  };
};

const attempt = (change: Partial<AttemptRecord> = {}): AttemptRecord => ({
  provider: 'x',
  outcome: 'accepted',
  reason: null,
  vendorCode: null,
  latencyMs: 5,
  reference: null,
  parts: 1,
  estimate: { micros: 30_000, currency: 'EUR' },
  price: null,
  ...change,
});

export const snapshot = (id: string, change: Partial<VerificationSnapshot> = {}): VerificationSnapshot => ({
  id,
  applicationId: 'app',
  purpose: 'default',
  recipient: 'recipient',
  slotId: 'slot',
  status: 'pending',
  kid: 'k1',
  policy: {
    maxChecks: 5,
    ttlMs: 600_000,
    codeLength: 6,
    codeAlphabet: 'numeric',
    sends: { windowMs: 600_000, sendsMax: 5, cooldownMs: 30_000 },
  },
  checksUsed: 0,
  createdAt: new Date(START),
  expiresAt: new Date(START + 600_000),
  endedAt: null,
  country: 'ES',
  channel: 'sms',
  deliveries: [delivery()],
  personal: Buffer.from('sealed'),
  sends: [],
  seq: 1,
  ...change,
});

const instant = fc.integer({ min: 0, max: 3 * HOUR_MS }).map((ms) => new Date(START + ms));
const after = (start: Date) =>
  fc.integer({ min: 0, max: 900_000 }).map((ms) => new Date(start.getTime() + ms));
const gateway = fc.constantFrom('x', 'y', 'z');
const money = fc.option(
  fc.record({ micros: fc.integer({ min: 0, max: 90_000 }), currency: fc.constantFrom('EUR', 'USD') }),
);
const attempts = fc.record({
  provider: gateway,
  outcome: fc.constantFrom('accepted', 'rejected', 'unknown', 'skipped'),
  reason: fc.constantFrom('content', 'timeout'),
  vendorCode: fc.constantFrom('30007', '5.7.1', null),
  estimate: money,
  price: money,
});
const deliveries = fc
  .record({
    channel: fc.constantFrom(...channels),
    state: fc.constantFrom(...deliveryStates),
    provider: fc.option(gateway),
    attempts: fc.array(attempts.map(attempt), { maxLength: 4 }),
    attemptedAt: fc.option(instant),
    lostCalls: fc.constantFrom(0, 0, 1),
  })
  .chain((fields) => after(fields.attemptedAt ?? new Date(START)).map((finalAt) => ({ ...fields, finalAt })))
  .map(({ finalAt, ...fields }) =>
    delivery({ ...fields, ...(['delivered', 'undelivered'].includes(fields.state) && { finalAt }) }),
  );
export const snapshots = instant.chain((createdAt) =>
  fc
    .record({
      applicationId: fc.constantFrom('app', 'other'),
      purpose: fc.constantFrom('default', 'login'),
      country: fc.constantFrom('ES', 'GB', null),
      channel: fc.constantFrom(...channels),
      status: fc.constantFrom('pending', 'approved', 'failed', 'expired', 'canceled', 'superseded'),
      endedAt: after(createdAt),
      deliveries: fc.array(deliveries, { maxLength: 4 }),
    })
    .map((fields) => snapshot('v', { ...fields, createdAt })),
);
