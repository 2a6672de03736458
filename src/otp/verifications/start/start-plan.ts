/** A create that was checked: everything it needs, before anything is written. */
import type { Policy } from '../../slots/policy';
import type { Principal } from '../../../applications/application';
import type { Channel } from '../../../common/channel';
import type { Secret } from '../../../common/secret';
import type { PhoneNumber } from '../../../phone/phone-number';
import type { NewDelivery } from '../../slots/pipelines/resend.pipeline';
import type { ChannelStep } from '../../slots/slot';
import type { Personal } from '../read/verification.view';
import type { CreateVerification } from '../verifications.dto';

export const DEFAULT_PURPOSE = 'default';

export interface StartPlan {
  readonly principal: Principal;
  readonly purpose: string;
  readonly number: PhoneNumber;
  readonly masked: string;
  readonly policy: Policy;
  readonly code: Secret;
  readonly personal: Personal;
  /** Channels in the order in which they are tried. */
  readonly steps: readonly [ChannelStep, ...ChannelStep[]];
  readonly delivery: Pick<NewDelivery, 'channel' | 'locale' | 'appHash' | 'webOtpDomain'>;
}

/** What of the body is sealed. */
export function personalOf(input: CreateVerification, e164: string): Personal {
  return {
    to: e164,
    ...(input.email ? { email: input.email } : {}),
    ...(input.clientIp ? { clientIp: input.clientIp } : {}),
    ...(input.metadata ? { metadata: input.metadata } : {}),
    ...(input.transaction ? { transaction: input.transaction } : {}),
  };
}

export function deliveryOf(input: CreateVerification, channel: Channel): StartPlan['delivery'] {
  return {
    channel,
    locale: input.locale ?? null,
    appHash: input.appHash ?? null,
    webOtpDomain: input.webOtpDomain ?? null,
  };
}

/** A call may shorten or lengthen its own code and life. */
export function withOverrides(policy: Policy, input: CreateVerification): Policy {
  return {
    ...policy,
    codeLength: input.codeLength ?? policy.codeLength,
    ttlSeconds: input.ttlSeconds ?? policy.ttlSeconds,
  };
}
