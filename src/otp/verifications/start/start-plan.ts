/** A start that was looked through: all that it needs, before anything is written. */
import type { Channel, ChannelWait } from '../../../common/channel';
import type { CallCost } from '../../../limits/money/estimate';
import { maskNumber, type PhoneNumber } from '../../../phone/phone-number';
import type { Personal, Transaction } from '../../slots/personal';
import { defaultPolicy, type LockRules, type Policy } from '../../policy/policy';
import type { CreateCommand } from '../../slots/rules/create';
import type { NewDelivery } from '../../slots/rules/new-delivery';
import type { ChannelStep, FrozenPolicy } from '../../slots/slot';

export const DEFAULT_PURPOSE = 'default';

/** What a caller says of the person and of the code to send. */
export interface StartRequest {
  /** E.164, or national with `country`. */
  readonly to: string;
  /** ISO 3166-1 alpha-2, in either case. */
  readonly country?: string | undefined;
  readonly purpose?: string | undefined;
  /** At most one of `channel` and `channels`. */
  readonly channel?: Channel | undefined;
  readonly channels?: readonly ChannelWait[] | undefined;
  readonly email?: string | undefined;
  /** BCP 47. */
  readonly locale?: string | undefined;
  readonly clientIp?: string | undefined;
  readonly deviceId?: string | undefined;
  /** The person's answer to a challenge. */
  readonly challenge?: string | undefined;
  readonly codeLength?: number | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly transaction?: Transaction | undefined;
  /** Any text of the caller's that the code is bound to. */
  readonly digest?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly appHash?: string | undefined;
  readonly webOtpDomain?: string | undefined;
}

export interface StartPlan {
  readonly slot: CreateCommand['slot'];
  /** What the verification is called, unless an earlier try of the same call has named it. */
  readonly verificationId: string;
  readonly country: string | null;
  readonly masked: string;
  readonly policy: Policy;
  readonly personal: Personal;
  /** Channels in the order in which they are tried. */
  readonly steps: readonly [ChannelStep, ...ChannelStep[]];
  readonly delivery: DeliveryAsk;
  readonly device: string | undefined;
  /** The code of a test number; null: one is drawn. */
  readonly testCode: string | null;
  /** Of the first gateway call. */
  readonly cost: () => CallCost;
}

/** What a message is asked to be. */
export type DeliveryAsk = Pick<NewDelivery, 'channel' | 'locale' | 'appHash' | 'webOtpDomain'>;

/** What was found out about a request. */
export interface Found {
  readonly slot: StartPlan['slot'];
  readonly verificationId: string;
  readonly number: PhoneNumber;
  readonly steps: StartPlan['steps'];
  readonly policy: Policy;
  readonly device: string | undefined;
  readonly testCode: string | null;
  readonly cost: StartPlan['cost'];
}

export function planOf(
  request: StartRequest,
  { slot, verificationId, number, steps, policy, device, testCode, cost }: Found,
): StartPlan {
  return {
    slot,
    verificationId,
    country: number.country,
    masked: maskNumber(number),
    policy: withOverrides(policy, request),
    personal: personalOf(request, number.e164),
    steps,
    delivery: deliveryOf(request, steps[0].channel),
    device,
    testCode,
    cost,
  };
}

/** The rules that the verification keeps, whatever the application's become. */
export function frozen(policy: Policy, testCode: string | null = null): FrozenPolicy {
  return {
    maxChecks: policy.maxChecks,
    ttlMs: policy.ttlSeconds * 1000,
    codeLength: testCode?.length ?? policy.codeLength,
    codeAlphabet: policy.codeAlphabet,
    sends: {
      windowMs: policy.sends.windowSeconds * 1000,
      sendsMax: policy.sends.max,
      cooldownMs: policy.cooldownSeconds * 1000,
    },
    ...(testCode === null ? {} : { test: true }),
    ...(isUsual(policy.lock) ? {} : { lock: policy.lock }),
  };
}

/** Most slots need not say it. */
function isUsual(lock: LockRules): boolean {
  const { afterFailures, seconds, knownDevices } = defaultPolicy.lock;
  return (
    lock.afterFailures === afterFailures && lock.seconds === seconds && lock.knownDevices === knownDevices
  );
}

/** What of the request is sealed. */
function personalOf(request: StartRequest, e164: string): Personal {
  return {
    to: e164,
    ...(request.email ? { email: request.email } : {}),
    ...(request.clientIp ? { clientIp: request.clientIp } : {}),
    ...(request.metadata ? { metadata: request.metadata } : {}),
    ...(request.transaction ? { transaction: request.transaction } : {}),
    ...(request.digest === undefined ? {} : { digest: request.digest }),
  };
}

function deliveryOf(request: StartRequest, channel: Channel): DeliveryAsk {
  return {
    channel,
    locale: request.locale ?? null,
    appHash: request.appHash ?? null,
    webOtpDomain: request.webOtpDomain ?? null,
  };
}

/** A call may shorten or lengthen its own code and life. */
export function withOverrides(
  policy: Policy,
  { codeLength, ttlSeconds }: Pick<StartRequest, 'codeLength' | 'ttlSeconds'>,
): Policy {
  if (codeLength === undefined && ttlSeconds === undefined) return policy;
  return {
    ...policy,
    codeLength: codeLength ?? policy.codeLength,
    ttlSeconds: ttlSeconds ?? policy.ttlSeconds,
  };
}
