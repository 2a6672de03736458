/**
 * Create: start a verification, join the pending one, or leave the slot as it is. Why it was refused is
 * read from the state that comes back, by `slot.answers.ts`; both must say the same.
 */
import type { Actor } from '../../../audit/audit-event';
import type { WhenPending } from '../policy';
import type { VerificationRecord } from '../slot';
import {
  BY_SLOT,
  add,
  alreadyDone,
  and,
  between,
  concat,
  cond,
  decide,
  effect,
  eq,
  event,
  gt,
  gte,
  isBacklogged,
  isCooling,
  isLive,
  isLocked,
  MAX_DELIVERIES,
  merge,
  not,
  or,
  orElse,
  sendsInWindow,
  SERVER_NOW,
  size,
  without,
} from './expressions';
import type { Expression, Pipeline } from './expressions';
import { leasedDelivery, sendAgain } from './resend.pipeline';
import type { NewDelivery, SendRules } from './resend.pipeline';

/** A verification as a create brings it. */
export type NewVerification = Omit<
  VerificationRecord,
  'createdAt' | 'expiresAt' | 'endedAt' | 'deliveries' | 'seq' | 'followAt' | 'followUp'
>;

/** Everything a create depends on; becomes the constants of its update statement. */
export interface CreateConstants extends SendRules {
  op: string;
  actor: Actor;
  applicationId: string;
  purpose: string;
  recipient: string;
  record: NewVerification;
  delivery: NewDelivery;
  leaseOwner: string;
  leaseMs: number;
  whenPending: WhenPending;
}

/** A pending verification is joined only with this much of its life left, in ms: less would not reach a person in time. */
const JOIN_MS = 60_000;
const JOIN_TTL_SHARE = 5;

/** The verification that a create brings, from now on; `more` is what its plan adds. */
const startedRecord = (now: Expression, ...more: Expression[]): Expression =>
  merge(
    '$$p.record',
    {
      createdAt: now,
      expiresAt: add(now, '$$p.record.policy.ttlMs'),
      endedAt: null,
      deliveries: [leasedDelivery(now)],
      seq: 1,
    },
    ...more,
  );

/** Where there is a channel to follow the first one. */
const firstWait = (now: Expression): Expression => ({
  followAt: add(now, { $first: '$$p.record.plan.steps.waitMs' }),
});

/** What `current` becomes when a new verification takes its place: ended, without code. */
function retired(now: Expression): Expression {
  return merge(
    without('$current', 'mac', 'sealed'),
    cond(
      eq('$current.status', 'pending'),
      {
        status: cond('$$live', 'superseded', 'expired'),
        endedAt: cond('$$live', now, '$current.expiresAt'),
        seq: add('$current.seq', 1),
      },
      {},
    ),
  );
}

function start(now: Expression): Expression {
  const ended = event({
    type: cond('$$live', 'superseded', 'expired'),
    record: '$current',
    seq: add('$current.seq', 1),
    at: cond('$$live', now, '$current.expiresAt'),
  });
  const created = event({
    type: 'created',
    record: '$$p.record',
    seq: 1,
    at: now,
    data: { country: '$$p.record.country', channel: '$$p.record.channel' },
  });
  return effect(now, 'started', concat(cond(eq('$current.status', 'pending'), [ended], []), [created]), {
    ids: concat('$ids', ['$$p.record.id']),
    current: startedRecord(now, cond(gt('$$p.record.plan', null), firstWait(now), {})),
    past: concat(orElse('$past', []), [retired(now)]),
    sends: concat('$$sends', [now]),
  });
}

/** A repeat after the slot forgot the operation: one id never names two verifications. */
const isKnown: Expression = { $in: ['$$p.record.id', orElse('$ids', [])] };

/**
 * Create on a slot that is there. (On one that is not, `freshPipeline` runs; between the two every create is
 * decided by exactly one of them.)
 */
export function createPipeline(now: Expression = SERVER_NOW): Pipeline {
  const shortLife: Expression = { $min: [JOIN_MS, { $divide: ['$current.policy.ttlMs', JOIN_TTL_SHARE] }] };
  return decide(now, BY_SLOT, {
    levels: [
      { live: isLive(now), sends: sendsInWindow(now) },
      {
        joins: and(
          '$$live',
          eq('$$p.whenPending', 'resend'),
          eq('$current.transactionDigest', '$$p.record.transactionDigest'),
          gte(between(now, '$current.expiresAt'), shortLife),
        ),
      },
      {
        allowed: not(
          or(
            alreadyDone,
            isKnown,
            and('$$live', eq('$$p.whenPending', 'reject')),
            isLocked(now),
            isCooling(now),
            gte(size('$$sends'), '$$p.sendsMax'),
            and('$$joins', gte(size('$current.deliveries'), MAX_DELIVERIES)),
            isBacklogged,
          ),
        ),
      },
    ],
    allowed: '$$allowed',
    then: cond('$$joins', sendAgain(now, 'joined', 'create'), start(now)),
  });
}

/** What a create writes where no slot was; only its times are missing. */
export function freshSlot(create: CreateConstants): Record<string, unknown> {
  const { record, actor } = create;
  const data = { country: record.country, channel: record.channel };
  return {
    applicationId: create.applicationId,
    purpose: create.purpose,
    recipient: create.recipient,
    ids: [record.id],
    past: [],
    failures: 0,
    created: { type: 'created', verificationId: record.id, seq: 1, actor, to: record.masked, data },
  };
}

/**
 * Create where no slot was, sent as an upsert by `_id` alone: a guard in the filter would turn refusals into
 * E11000. Short, because an upsert is a statement of its own and a statement's pipeline is parsed each time; so there
 * is one for verifications with a plan, and one for the usual.
 */
export function freshPipeline(hasPlan: boolean, now: Expression = SERVER_NOW): Pipeline {
  const slot = merge('$$ROOT', without('$$fresh', 'created'), {
    current: hasPlan ? startedRecord(now, firstWait(now)) : startedRecord(now),
    sends: [now],
    ops: [{ op: '$$p.op', outcome: 'started', at: now }],
    pendingAudit: [merge('$$fresh.created', { at: now })],
    dueAt: now,
  });
  return [{ $replaceWith: cond({ $gt: ['$current', null] }, '$$ROOT', slot) }];
}
