/** A verification as the API shows it, from the slot or from the read model. */
import type { Policy } from '../../slots/policy';
import { nextSendAt, statusAt } from '../../slots/slot.answers';
import type { DeliveryRecord, VerificationRecord } from '../../slots/slot';
import { attemptView, costView, partsOf } from './cost.view';
import type { Transaction, VerificationAnswer } from '../verifications.dto';

/** What is sealed in `personal`. */
export interface Personal {
  readonly to: string;
  readonly email?: string;
  readonly clientIp?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly transaction?: Transaction;
}

type ViewedDelivery = Pick<
  DeliveryRecord,
  'id' | 'channel' | 'provider' | 'state' | 'attemptedAt' | 'errorCode' | 'attempts'
>;

/** The fields that the slot's records and the read model's snapshots share. */
export type ViewedRecord = Pick<
  VerificationRecord,
  'id' | 'status' | 'policy' | 'checksUsed' | 'createdAt' | 'expiresAt' | 'endedAt' | 'country' | 'channel'
> & { readonly deliveries: readonly ViewedDelivery[] };

export interface View {
  readonly record: ViewedRecord;
  readonly purpose: string;
  /** Send dates of the recipient. */
  readonly sends: readonly Date[];
  /** Null once the personal data was removed. */
  readonly personal: Personal | null;
  readonly policy: Policy;
  /** The database's time. */
  readonly now: Date;
}

export const sendRules = (policy: Policy) => ({
  windowMs: policy.sends.windowSeconds * 1000,
  sendsMax: policy.sends.max,
  cooldownMs: policy.cooldownSeconds * 1000,
});

export function sendsView(
  sends: readonly Date[],
  policy: Policy,
  now: Date,
): { used: number; max: number; nextAt: string } {
  const next = nextSendAt(sends, sendRules(policy), now);
  const at = Math.max(now.getTime(), next.cooling?.getTime() ?? 0, next.full?.getTime() ?? 0);
  return { used: next.used, max: policy.sends.max, nextAt: new Date(at).toISOString() };
}

export function renderVerification(view: View): VerificationAnswer {
  const { record, personal, now } = view;
  const status = statusAt(record, now);
  const endedAt = status === 'expired' ? record.expiresAt : record.endedAt;
  const window = sendsView(view.sends, view.policy, now);
  return {
    id: record.id,
    status,
    ...personalView(personal),
    country: record.country,
    purpose: view.purpose,
    channel: record.channel,
    codeLength: record.policy.codeLength,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    checks: { used: record.checksUsed, max: record.policy.maxChecks },
    sends: status === 'pending' ? window : { ...window, nextAt: null },
    deliveries: record.deliveries.map(deliveryView),
    cost: costView(record.deliveries),
  };
}

const personalView = (
  personal: Personal | null,
): Pick<VerificationAnswer, 'to' | 'email' | 'transaction' | 'metadata'> => ({
  to: personal?.to ?? null,
  email: personal?.email ?? null,
  transaction: personal?.transaction ?? null,
  metadata: personal?.metadata ?? null,
});

const deliveryView = (delivery: ViewedDelivery): VerificationAnswer['deliveries'][number] => ({
  id: delivery.id,
  channel: delivery.channel,
  provider: delivery.provider,
  state: delivery.state,
  attemptedAt: delivery.attemptedAt?.toISOString() ?? null,
  errorCode: delivery.errorCode,
  parts: partsOf(delivery),
  attempts: delivery.attempts.map(attemptView),
});
