/**
 * Create: start a verification, join the pending one, or leave the slot as it is. Why it was refused is
 * read from the state that comes back, by `slot.answers.ts`; both must say the same.
 */
import type { Actor } from '../../audit/audit-event';
import type { WhenPending } from '../../applications/application';
import type { DeliveryRecord, VerificationRecord } from './slot';
import {
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
  gte,
  isBacklogged,
  isCooling,
  isLive,
  isLocked,
  lt,
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

/** A delivery as a create or a resend brings it; its times are the server's. */
export type NewDelivery = Omit<DeliveryRecord, 'at' | 'lease' | 'state'>;
/** A verification as a create brings it. */
export type NewVerification = Omit<
  VerificationRecord,
  'createdAt' | 'expiresAt' | 'endedAt' | 'deliveries' | 'seq'
>;

/** The send rules in force at the call. */
export interface SendRules {
  windowMs: number;
  sendsMax: number;
  cooldownMs: number;
}

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

/** The delivery of this operation, charged now and leased to its maker. */
export const leasedDelivery = (now: Expression): Expression =>
  merge('$$delivery', {
    state: 'sending',
    at: now,
    lease: { owner: '$$leaseOwner', n: 1, until: add(now, '$$leaseMs') },
  });

/** The same code once more: shared by a create that joins and by a resend. */
export function sendAgain(now: Expression, outcome: string, via: string): Expression {
  const seq = add('$current.seq', 1);
  return effect(now, outcome, [event({ type: 'joined', record: '$current', seq, at: now, data: { via } })], {
    current: merge('$current', { deliveries: concat('$current.deliveries', [leasedDelivery(now)]), seq }),
    sends: concat('$$sends', [now]),
  });
}

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
    record: '$$record',
    seq: 1,
    at: now,
    data: { country: '$$record.country', channel: '$$record.channel' },
  });
  return effect(now, 'started', concat(cond(eq('$current.status', 'pending'), [ended], []), [created]), {
    applicationId: '$$applicationId',
    purpose: '$$purpose',
    recipient: '$$recipient',
    ids: concat(orElse('$ids', []), ['$$record.id']),
    current: merge('$$record', {
      createdAt: now,
      expiresAt: add(now, '$$record.policy.ttlMs'),
      endedAt: null,
      deliveries: [leasedDelivery(now)],
      seq: 1,
    }),
    past: concat(orElse('$past', []), cond({ $gt: ['$current', null] }, [retired(now)], [])),
    failures: orElse('$failures', 0),
    sends: concat('$$sends', [now]),
  });
}

/** Pure; `now` is a date in tests. Sent as an upsert by `_id` alone: a guard in the filter would turn refusals into E11000. */
export function createPipeline(now: Expression = SERVER_NOW): Pipeline {
  const shortLife: Expression = { $min: [JOIN_MS, { $divide: ['$current.policy.ttlMs', JOIN_TTL_SHARE] }] };
  return decide(
    now,
    [
      { live: isLive(now), sends: sendsInWindow(now) },
      {
        joins: and(
          '$$live',
          eq('$$whenPending', 'resend'),
          eq('$current.transactionDigest', '$$record.transactionDigest'),
          gte(between(now, '$current.expiresAt'), shortLife),
        ),
      },
      {
        allowed: not(
          or(
            alreadyDone,
            and('$$live', eq('$$whenPending', 'reject')),
            isLocked(now),
            isCooling(now),
            gte(size('$$sends'), '$$sendsMax'),
            and('$$joins', gte(size('$current.deliveries'), MAX_DELIVERIES)),
            isBacklogged,
          ),
        ),
      },
    ],
    '$$allowed',
    cond('$$joins', sendAgain(now, 'joined', 'create'), start(now)),
  );
}

/** `/sends`: repeats the code of a live verification. */
export interface ResendConstants extends SendRules {
  op: string;
  actor: Actor;
  verificationId: string;
  delivery: NewDelivery;
  leaseOwner: string;
  leaseMs: number;
}

export function resendPipeline(now: Expression = SERVER_NOW): Pipeline {
  return decide(
    now,
    [
      { live: isLive(now), sends: sendsInWindow(now) },
      {
        allowed: and(
          not(alreadyDone),
          eq('$current.id', '$$verificationId'),
          '$$live',
          not(isLocked(now)),
          not(isCooling(now)),
          lt(size('$$sends'), '$$sendsMax'),
          lt(size('$current.deliveries'), MAX_DELIVERIES),
          not(isBacklogged),
        ),
      },
    ],
    '$$allowed',
    sendAgain(now, 'resent', 'sends'),
  );
}
