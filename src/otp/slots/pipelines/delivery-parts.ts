/** What the pipelines about one delivery share: naming it, finding its verification, changing it there. */
import type { Actor } from '../../../audit/audit-event';
import { add, and, between, cond, eq, gt, merge, orElse, gte } from './expressions';
import type { Expression } from './expressions';

export interface DeliveryTarget {
  op: string;
  actor: Actor;
  verificationId: string;
  deliveryId: string;
}

const isTarget = (delivery: string): Expression => eq(`${delivery}.id`, '$$p.deliveryId');

/** Is the delivery in this verification, and as it must be? */
function holds(record: string, fenced: Expression): Expression {
  return {
    $anyElementTrue: [
      {
        $map: {
          input: orElse(`${record}.deliveries`, []),
          as: 'd',
          in: and(isTarget('$$d'), fenced),
        },
      },
    ],
  };
}

/** The verification with its delivery changed; everything else stays. */
export function withDelivery(
  record: string,
  change: Expression,
  extra: Record<string, Expression>,
): Expression {
  return merge(record, {
    ...extra,
    deliveries: {
      $map: { input: `${record}.deliveries`, as: 'd', in: cond(isTarget('$$d'), change, '$$d') },
    },
  });
}

/** `current` or the one past verification that holds the delivery, with `change` applied. */
export function inEither(
  change: Expression,
  currentExtra: Record<string, Expression>,
  extra: Record<string, Expression> = { seq: '$$seq' },
): Record<string, Expression> {
  return {
    current: cond('$$inCurrent', withDelivery('$current', change, { ...currentExtra, ...extra }), '$current'),
    past: cond('$$inCurrent', orElse('$past', []), {
      $map: {
        input: orElse('$past', []),
        as: 'old',
        in: cond(eq('$$old.id', '$$p.verificationId'), withDelivery('$$old', change, extra), '$$old'),
      },
    }),
  };
}

export const find = (fenced: Expression): Record<string, Expression>[] => [
  {
    inCurrent: and(eq('$current.id', '$$p.verificationId'), holds('$current', fenced)),
    pastRecord: {
      $first: {
        $filter: {
          input: orElse('$past', []),
          as: 'old',
          cond: and(eq('$$old.id', '$$p.verificationId'), holds('$$old', fenced)),
        },
      },
    },
  },
  { record: cond('$$inCurrent', '$current', '$$pastRecord') },
  {
    seq: add('$$record.seq', 1),
    delivery: {
      $first: { $filter: { input: '$$record.deliveries', as: 'd', cond: isTarget('$$d') } },
    },
  },
];

/**
 * Somebody may still write down what the gateways said. Not the same as `sending`: a receipt may come first, and the
 * lease ends with the result.
 */
export const isOpen = (delivery: string): Expression => gt(`${delivery}.lease`, null);

export const leasedToWriter: Expression = and(
  eq('$$d.lease.owner', '$$p.leaseOwner'),
  eq('$$d.lease.n', '$$p.leaseN'),
);

/** With less life than this left (half the ttl when that is less), a code sent now would reach nobody in time. */
const SENDING_MS = 60_000;

/** Enough of the current verification's life is left for one more message that nobody asked for. */
export const hasTimeToSend = (now: Expression): Expression =>
  gte(between(now, '$current.expiresAt'), {
    $min: [SENDING_MS, { $divide: ['$current.policy.ttlMs', 2] }],
  });
