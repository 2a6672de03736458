/**
 * A send of a code that exists: what `/sends` does, and a create that joins. A follow-up of the server's own is in
 * `follow.pipeline.ts`.
 */
import type { Actor } from '../../../audit/audit-event';
import type { DeliveryRecord } from '../slot';
import {
  BY_VERIFICATION,
  isOwnCurrent,
  add,
  alreadyDone,
  and,
  concat,
  decide,
  effect,
  event,
  isBacklogged,
  isCooling,
  isLive,
  isLocked,
  lt,
  MAX_DELIVERIES,
  merge,
  not,
  sendsInWindow,
  SERVER_NOW,
  size,
} from './expressions';
import type { Expression, Pipeline } from './expressions';

/** A delivery as a create or a resend brings it; its times are the server's. */
export type NewDelivery = Omit<DeliveryRecord, 'at' | 'lease' | 'state' | 'finalAt' | 'answered'>;
/** The send rules in force at the call. */
export interface SendRules {
  windowMs: number;
  sendsMax: number;
  cooldownMs: number;
}

/** The delivery of this operation, charged now and leased to its maker. */
export const leasedDelivery = (now: Expression): Expression =>
  merge('$$p.delivery', {
    state: 'sending',
    at: now,
    lease: { owner: '$$p.leaseOwner', n: 1, until: add(now, '$$p.leaseMs') },
  });

/**
 * The same code once more: shared by a create that joins and by a resend. What it means for the channels to follow
 * is decided when their time comes (`channels/follow-plan.ts`): this is the hot path.
 */
export function sendAgain(now: Expression, outcome: string, via: string): Expression {
  const seq = add('$current.seq', 1);
  const deliveries = concat('$current.deliveries', [leasedDelivery(now)]);
  return effect(now, outcome, [event({ type: 'joined', record: '$current', seq, at: now, data: { via } })], {
    current: merge('$current', { deliveries, seq }),
    sends: concat('$$sends', [now]),
  });
}

/** `/sends`: repeats the code of a live verification. */
export interface ResendConstants extends SendRules {
  applicationId: string;
  op: string;
  actor: Actor;
  verificationId: string;
  delivery: NewDelivery;
  leaseOwner: string;
  leaseMs: number;
}

export function resendPipeline(now: Expression = SERVER_NOW): Pipeline {
  return decide(now, BY_VERIFICATION, {
    levels: [
      { live: isLive(now), sends: sendsInWindow(now) },
      {
        allowed: and(
          not(alreadyDone),
          isOwnCurrent,
          '$$live',
          not(isLocked(now)),
          not(isCooling(now)),
          lt(size('$$sends'), '$$p.sendsMax'),
          lt(size('$current.deliveries'), MAX_DELIVERIES),
          not(isBacklogged),
        ),
      },
    ],
    allowed: '$$allowed',
    then: sendAgain(now, 'resent', 'sends'),
  });
}
