/** Constants of slot operations with everything filled in; a test names what it is about. */
import { mongo } from 'mongoose';
import type { Channel } from '../../src/common/channel';
import { newId } from '../../src/common/ids';
import type { CheckConstants } from '../../src/otp/slots/pipelines/check.pipeline';
import { createPipeline, freshPipeline, freshSlot } from '../../src/otp/slots/pipelines/create.pipeline';
import type { CreateConstants } from '../../src/otp/slots/pipelines/create.pipeline';
import type { ResendConstants } from '../../src/otp/slots/pipelines/resend.pipeline';
import type { Pipeline } from '../../src/otp/slots/pipelines/expressions';

const macOf = (code: string): mongo.Binary => new mongo.Binary(Buffer.from(code.padEnd(32, '.')));

type CreateAsk = Partial<Omit<CreateConstants, 'record'>> & {
  id?: string;
  code?: string;
  maxChecks?: number;
  ttlMs?: number;
  kid?: string;
  transaction?: string;
  /** Channels with a wait of a minute each. */
  channels?: readonly Channel[];
};

const stepOf = (channel: Channel) => ({ channel, waitMs: 60_000 });

export function createConstants(ask: CreateAsk = {}): CreateConstants {
  const {
    id = newId(),
    code = '111111',
    maxChecks = 5,
    ttlMs = 600_000,
    kid = 'k1',
    transaction,
    channels,
    ...rest
  } = ask;
  return {
    op: newId(),
    actor: 'key:test',
    applicationId: 'app',
    purpose: 'default',
    recipient: 'recipient',
    record: {
      id,
      status: 'pending',
      mac: macOf(code),
      sealed: new mongo.Binary(Buffer.from('sealed code')),
      kid,
      policy: { maxChecks, ttlMs, codeLength: 6, codeAlphabet: 'numeric' },
      checksUsed: 0,
      country: 'GB',
      channel: 'sms',
      masked: '+44*********00',
      transactionDigest: transaction === undefined ? null : macOf(transaction),
      personal: new mongo.Binary(Buffer.from('sealed person')),
      refunds: 0,
      ...(channels ? { plan: { steps: channels.map(stepOf), step: 0 } } : {}),
    },
    delivery: newDelivery(),
    leaseOwner: 'me',
    leaseMs: 30_000,
    whenPending: 'resend',
    windowMs: 600_000,
    sendsMax: 5,
    cooldownMs: 30_000,
    ...rest,
  };
}

export const newDelivery = (id = newId()): CreateConstants['delivery'] => ({
  id,
  channel: 'sms',
  locale: null,
  appHash: null,
  webOtpDomain: null,
  provider: null,
  reference: null,
  errorCode: null,
  attemptedAt: null,
  attempts: [],
});

export const checkConstants = (verificationId: string, code: string, kids = ['k1']): CheckConstants => ({
  applicationId: 'app',
  op: newId(),
  actor: 'key:test',
  verificationId,
  candidates: kids.map((kid) => ({ kid, mac: macOf(code) })),
});

export const resendConstants = (
  verificationId: string,
  rest: Partial<ResendConstants> = {},
): ResendConstants => ({
  applicationId: 'app',
  op: newId(),
  actor: 'key:test',
  verificationId,
  delivery: newDelivery(),
  leaseOwner: 'me',
  leaseMs: 30_000,
  windowMs: 600_000,
  sendsMax: 5,
  cooldownMs: 30_000,
  ...rest,
});

/** The pipeline that decides a create on this document, with its constants: one for slots that are there, one for none. */
export function createOn(slot: object, now: Date, constants: CreateConstants): [Pipeline, object] {
  if ('current' in slot) return [createPipeline(now), constants];
  return [
    freshPipeline(constants.record.plan !== undefined, now),
    { ...constants, fresh: freshSlot(constants) },
  ];
}
