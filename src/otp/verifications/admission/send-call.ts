/** What the gates are told of a call that wants to send; null: they are not asked. */
import type { Channel } from '../../../common/channel';
import type { SendCall } from '../../../limits/gate';
import { maskNumber } from '../../../phone/phone-number';
import { parsePhoneNumber } from '../../../phone/parse-phone-number';
import { MAX_TTL_SECONDS } from '../../policy/policy';
import type { CallContext } from '../call-context';
import type { VerificationView } from '../read/verification.view';
import type { AboutSend } from './admission.service';
import type { StartPlan, StartRequest } from '../start/start-plan';

/** Test numbers get no message. */
export function createCall(
  { application }: CallContext,
  plan: StartPlan,
  request: Pick<StartRequest, 'clientIp' | 'deviceId' | 'challenge'>,
): SendCall | null {
  if (plan.testCode !== null) return null;
  return {
    applicationId: application.id,
    purpose: plan.slot.purpose,
    kind: 'create',
    number: plan.personal.to,
    country: plan.country,
    channel: plan.delivery.channel,
    clientIp: request.clientIp ?? null,
    deviceId: request.deviceId ?? null,
    challenge: request.challenge ?? null,
    settings: application.settings,
    cost: plan.cost,
    ...longLived(plan.policy.ttlSeconds),
  };
}

/** What has ended is refused without them. The device is not known: only the call that starts says it. */
export function resendCall(
  context: CallContext,
  verification: VerificationView,
  channel: Channel,
): SendCall | null {
  return verification.status === 'pending' ? callAbout(context, verification, 'resend', channel) : null;
}

/** The send whose code was right just now. */
export function confirmedCall(
  context: CallContext,
  verification: VerificationView,
  deviceId: string | undefined,
): SendCall | null {
  const call = callAbout(context, verification, 'create', verification.channel);
  return call && { ...call, deviceId: deviceId ?? null };
}

function callAbout(
  { application }: CallContext,
  { to, purpose, country, clientIp, test, createdAt, expiresAt }: VerificationView,
  kind: SendCall['kind'],
  channel: Channel,
): SendCall | null {
  if (test || to === null) return null;
  return {
    applicationId: application.id,
    purpose,
    kind,
    number: to,
    country,
    channel,
    clientIp,
    deviceId: null,
    challenge: null,
    settings: application.settings,
    ...longLived((expiresAt.getTime() - createdAt.getTime()) / 1_000),
  };
}

const longLived = (ttlSeconds: number): Pick<SendCall, 'isLongLived'> =>
  ttlSeconds > MAX_TTL_SECONDS ? { isLongLived: true } : {};

export function aboutCreate({ slot, masked }: StartPlan): AboutSend {
  return { verificationId: null, purpose: slot.purpose, masked, subject: slot._id };
}

export function aboutResend({ id, purpose, to }: VerificationView): AboutSend {
  const parsed = parsePhoneNumber(to ?? '');
  return { verificationId: id, purpose, masked: parsed.ok ? maskNumber(parsed.number) : '', subject: id };
}
