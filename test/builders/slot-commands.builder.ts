/** Commands to slots with everything filled in; a test names what it is about. */
import { createHash } from 'node:crypto';
import type { Channel } from '../../src/common/channel';
import { newId } from '../../src/common/ids';
import type { WhenPending } from '../../src/otp/policy/policy';
import type { CheckCommand } from '../../src/otp/slots/rules/check';
import type { CreateCommand } from '../../src/otp/slots/rules/create';
import type { ClientCommand } from '../../src/otp/slots/rules/decision';
import type { ResultCommand } from '../../src/otp/slots/rules/delivery/result';
import type { NewDelivery } from '../../src/otp/slots/rules/new-delivery';
import type { ResendCommand } from '../../src/otp/slots/rules/resend';
import type { FrozenPolicy, SendRules } from '../../src/otp/slots/slot';
import { anAttempt, aRecord } from './slot-state.builder';

export const RIGHT = '111111';
export const WRONG = '000000';

const lease = { leaseOwner: 'me', leaseMs: 30_000 };
const macOf = (code: string): Buffer => createHash('sha256').update(code).digest();
const stepOf = (channel: Channel) => ({ channel, waitMs: 60_000 });

/** The whole HMAC of a slot's name. */
export const keyOf = (slotId: string): string => `${slotId} and the rest of its HMAC`;

export function aCall(overrides: Partial<ClientCommand> = {}): ClientCommand {
  return { applicationId: 'app', actor: 'key:test', op: newId(), keyed: false, ...overrides };
}

function aNewDelivery(overrides: Partial<NewDelivery> = {}): NewDelivery {
  return { id: newId(), channel: 'sms', locale: null, appHash: null, webOtpDomain: null, ...overrides };
}

type Asked = Partial<SendRules & Pick<FrozenPolicy, 'ttlMs' | 'maxChecks'>> & {
  readonly slotId?: string;
  /** Of the verification. */
  readonly id?: string;
  readonly whenPending?: WhenPending;
  readonly code?: string;
  /** Channels with a wait of a minute each. */
  readonly channels?: readonly Channel[];
};

/** A create of a verification of ten minutes; five sends per ten minutes without cool-down, unless told otherwise. */
export function aCreate({
  slotId = newId(),
  id = newId(),
  whenPending = 'resend',
  code = RIGHT,
  channels,
  ...rules
}: Asked = {}): CreateCommand {
  const { kid, country, channel, masked, transactionDigest, personal, policy } = aRecord();
  const { ttlMs = policy.ttlMs, maxChecks = policy.maxChecks, ...over } = rules;
  const sends = { ...policy.sends, cooldownMs: 0, ...over };
  return {
    ...aCall(),
    ...lease,
    slot: {
      _id: slotId,
      key: keyOf(slotId),
      applicationId: 'app',
      purpose: 'default',
      recipient: 'recipient',
    },
    record: {
      ...{
        id,
        mac: macOf(code),
        sealed: Buffer.from('sealed code'),
        kid,
        country,
        channel,
        masked,
        transactionDigest,
        personal,
      },
      policy: { ...policy, ttlMs, maxChecks, sends },
      ...(channels ? { steps: channels.map(stepOf) } : {}),
    },
    delivery: aNewDelivery(),
    whenPending,
  };
}

/** The same call for another verification of the same slot. */
export function another(command: CreateCommand, over: Asked = {}): CreateCommand {
  return aCreate({ slotId: command.slot._id, whenPending: 'replace', ...over });
}

export function aCheck({ record }: Pick<CreateCommand, 'record'>, code = RIGHT, op = newId()): CheckCommand {
  return { ...aCall({ op }), verificationId: record.id, candidates: [{ kid: record.kid, mac: macOf(code) }] };
}

export function aResend(verificationId: string, op = newId()): ResendCommand {
  return { ...aCall({ op }), ...lease, verificationId, delivery: aNewDelivery() };
}

/** What the gateway said of the first message: it took it, under the reference `{provider}-1`. */
export function anAcceptance({ record, delivery }: CreateCommand, provider = 'acme'): ResultCommand {
  const { reference } = anAttempt({ provider });
  return {
    actor: 'job:delivery',
    verificationId: record.id,
    deliveryId: delivery.id,
    leaseOwner: lease.leaseOwner,
    leaseN: 1,
    result: { state: 'accepted', provider, reference, errorCode: null },
    attempts: [anAttempt({ provider })],
    withinMs: 0,
  };
}
