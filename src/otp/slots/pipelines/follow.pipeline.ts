/**
 * Follow: the next gateway or channel for a code that did not arrive, or was not typed in time. Who decides which
 * one looks at the slot first (`channels/follow-plan.ts`); `followAt` and the last delivery are the fence: another
 * instance's follow moves the one, a send that somebody asked for the other, and then this changes nothing.
 */
import { hasTimeToSend } from './delivery-parts';
import { leasedDelivery } from './resend.pipeline';
import type { NewDelivery, SendRules } from './resend.pipeline';
import {
  add,
  alreadyDone,
  and,
  atStep,
  BY_SLOT,
  change,
  concat,
  cond,
  effect,
  eq,
  event,
  gt,
  isBacklogged,
  isLive,
  isLocked,
  lt,
  MAX_DELIVERIES,
  merge,
  not,
  orElse,
  sendsInWindow,
  SERVER_NOW,
  size,
  without,
} from './expressions';
import type { Expression, Pipeline } from './expressions';
import type { Actor } from '../../../audit/audit-event';

export interface FollowConstants extends Omit<SendRules, 'cooldownMs'> {
  op: string;
  actor: Actor;
  verificationId: string;
  /** As it was read; null matches nothing. */
  followAt: Date | null;
  /** The last delivery as it was read; null matches nothing. */
  lastDeliveryId: string | null;
  /** Null: nothing is to be tried now. */
  delivery: NewDelivery | null;
  /** When to look again, without a delivery; null: never. */
  again: Date | null;
  /** Index of the channel in the plan; null for a verification without one. */
  step: number | null;
  /** `failover`: another gateway; `fallback`: another channel. */
  via: 'failover' | 'fallback';
  leaseOwner: string;
  leaseMs: number;
}

/**
 * One budget for all: a follow-up is a send and is charged like one, but waits for no cool-down, which is there
 * to slow people down. Without room, life or anything to try, only `followAt` changes.
 */
export function followPipeline(now: Expression = SERVER_NOW): Pipeline {
  const seq = add('$current.seq', 1);
  const rest = without('$current', 'followAt', 'followUp');
  const waiting = cond(gt(orElse('$$p.again', null), null), { followAt: '$$p.again' }, {});
  const joined = event({ type: 'joined', record: '$current', seq, at: now, data: { via: '$$p.via' } });
  const followed = effect(now, 'followed', [joined], {
    current: merge(
      rest,
      { deliveries: concat('$current.deliveries', [leasedDelivery(now)]), seq },
      cond(eq('$$p.step', null), {}, atStep('$$p.step', now)),
    ),
    sends: concat('$$sends', [now]),
  });
  return change(BY_SLOT, {
    levels: [
      { sends: sendsInWindow(now) },
      {
        allowed: and(
          not(alreadyDone),
          eq('$current.id', '$$p.verificationId'),
          eq('$current.status', 'pending'),
          eq('$current.followAt', '$$p.followAt'),
          eq({ $last: '$current.deliveries.id' }, '$$p.lastDeliveryId'),
        ),
        goesOn: and(
          isLive(now),
          gt(orElse('$$p.delivery', null), null),
          hasTimeToSend(now),
          lt(size('$$sends'), '$$p.sendsMax'),
          lt(size('$current.deliveries'), MAX_DELIVERIES),
          not(isLocked(now)),
          not(isBacklogged),
        ),
      },
    ],
    allowed: '$$allowed',
    then: cond('$$goesOn', followed, merge('$$ROOT', { current: merge(rest, waiting), dueAt: now })),
  });
}
