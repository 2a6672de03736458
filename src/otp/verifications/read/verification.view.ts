/** A verification as its owner sees it, from the slot or from the read model. */
import type { Channel } from '../../../common/channel';
import type { Personal, Transaction } from '../../slots/personal';
import { duplicatesOf } from '../../slots/rules/delivery/calls';
import { statusAt } from '../../slots/rules/life';
import { sendWindow } from '../../slots/rules/send-window';
import type { DeliveryRecord, SendRules, VerificationRecord, VerificationStatus } from '../../slots/slot';
import { attemptView, costView, partsOf, type AttemptView, type Cost } from './cost.view';

export interface VerificationView {
  readonly id: string;
  /** At the time of the read: pending at or after `expiresAt` is `expired`. */
  readonly status: VerificationStatus;
  /** E.164; like all that is personal, null once it was removed. */
  readonly to: string | null;
  readonly email: string | null;
  /** As the create told it; part of no answer. */
  readonly clientIp: string | null;
  readonly country: string | null;
  readonly purpose: string;
  /** The first one; deliveries show all. */
  readonly channel: Channel;
  readonly codeLength: number;
  /** Of a test number. */
  readonly test: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly checks: { readonly used: number; readonly max: number };
  /** `nextAt` is null when the verification has ended. */
  readonly sends: Omit<SendsView, 'nextAt'> & { readonly nextAt: Date | null };
  readonly deliveries: readonly DeliveryView[];
  /** Of all deliveries. */
  readonly duplicates: number;
  readonly cost: Cost;
  readonly transaction: Transaction | null;
  readonly digest: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

export interface DeliveryView extends Pick<
  DeliveryRecord,
  'id' | 'channel' | 'provider' | 'state' | 'attemptedAt' | 'errorCode'
> {
  readonly parts: number | null;
  /** Calls that may have brought the same text again. */
  readonly duplicates: number;
  readonly attempts: readonly AttemptView[];
}

/** The send window of a recipient. */
export interface SendsView {
  readonly used: number;
  readonly max: number;
  readonly nextAt: Date;
}

type ViewedDelivery = Pick<
  DeliveryRecord,
  'id' | 'channel' | 'provider' | 'state' | 'attemptedAt' | 'errorCode' | 'attempts' | 'lostCalls'
>;

/** The fields that the slot's records and the read model's snapshots share. */
export type ViewedRecord = Pick<
  VerificationRecord,
  'id' | 'status' | 'policy' | 'checksUsed' | 'createdAt' | 'expiresAt' | 'endedAt' | 'country' | 'channel'
> & { readonly deliveries: readonly ViewedDelivery[] };

/** What a verification is seen with, besides its own record. */
export interface Surroundings {
  readonly purpose: string;
  /** Send dates of the recipient. */
  readonly sends: readonly Date[];
  /** Null once the personal data was removed. */
  readonly personal: Personal | null;
  /** The database's time. */
  readonly now: Date;
}

/** The rules of sends are those that the verification was started with. */
export function viewOf(
  record: ViewedRecord,
  { purpose, sends, personal, now }: Surroundings,
): VerificationView {
  const status = statusAt(record, now);
  const { to, email, clientIp, transaction, digest, metadata } = personal ?? erased;
  const window = sendsView(sends, record.policy.sends, now);
  return {
    id: record.id,
    status,
    to: to ?? null,
    email: email ?? null,
    clientIp: clientIp ?? null,
    country: record.country,
    purpose,
    channel: record.channel,
    codeLength: record.policy.codeLength,
    test: record.policy.test === true,
    createdAt: record.createdAt,
    expiresAt: record.expiresAt,
    endedAt: status === 'expired' ? record.expiresAt : record.endedAt,
    checks: { used: record.checksUsed, max: record.policy.maxChecks },
    sends: { used: window.used, max: window.max, nextAt: status === 'pending' ? window.nextAt : null },
    deliveries: record.deliveries.map(deliveryView),
    duplicates: record.deliveries.reduce((sum, delivery) => sum + duplicatesOf(delivery), 0),
    cost: costView(record.deliveries),
    transaction: transaction ?? null,
    digest: digest ?? null,
    metadata: metadata ?? null,
  };
}

/** Nothing of a person is left. */
const erased: Partial<Personal> = {};

export function sendsView(sends: readonly Date[], rules: SendRules, now: Date): SendsView {
  const { inWindow, coolingUntil, fullUntil } = sendWindow(sends, rules, now);
  const nextAt = Math.max(now.getTime(), coolingUntil?.getTime() ?? 0, fullUntil?.getTime() ?? 0);
  return { used: inWindow.length, max: rules.sendsMax, nextAt: new Date(nextAt) };
}

function deliveryView(delivery: ViewedDelivery): DeliveryView {
  const { id, channel, provider, state, attemptedAt, errorCode } = delivery;
  return {
    ...{ id, channel, provider, state, attemptedAt, errorCode },
    parts: partsOf(delivery),
    duplicates: duplicatesOf(delivery),
    attempts: delivery.attempts.map(attemptView),
  };
}
