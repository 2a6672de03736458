/**
 * The life of a delivery after the slot was written: its result, and the lease that says who may attempt it.
 * `owner` and `n` are the fence: a paused instance that comes back after its lease ran out changes nothing.
 */
import type { Actor } from '../../audit/audit-event';
import type { DeliveryRecord } from './slot';
import {
  BY_SLOT,
  add,
  alreadyDone,
  and,
  concat,
  cond,
  decide,
  effect,
  eq,
  event,
  gte,
  isLive,
  letIn,
  lte,
  merge,
  not,
  orElse,
  SERVER_NOW,
  without,
  between,
  MAX_OPS,
} from './expressions';
import type { Expression, Pipeline } from './expressions';

/** Sends that one verification may get back for definite rejections. */
export const MAX_REFUNDS = 3;
/** With less life than this left (half the ttl when that is less), a code is not sent again by the job. */
const REDISPATCH_MS = 60_000;

interface DeliveryTarget {
  op: string;
  actor: Actor;
  verificationId: string;
  deliveryId: string;
}

export interface ResultConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseN: number;
  result: Pick<DeliveryRecord, 'provider' | 'reference' | 'errorCode'> & {
    state: 'accepted' | 'rejected' | 'unknown';
  };
  attempts: DeliveryRecord['attempts'];
}

const isTarget = (delivery: string): Expression =>
  and(eq(`${delivery}.id`, '$$p.deliveryId'), eq(`${delivery}.state`, 'sending'));

/** Is the delivery in this verification, still open, and for `ResultConstants` still leased to the writer? */
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
function withDelivery(record: string, change: Expression, extra: Record<string, Expression>): Expression {
  return merge(record, {
    ...extra,
    deliveries: {
      $map: { input: `${record}.deliveries`, as: 'd', in: cond(isTarget('$$d'), change, '$$d') },
    },
  });
}

/** `current` or the one past verification that holds the delivery, with `change` applied. */
function inEither(change: Expression, currentExtra: Record<string, Expression>): Record<string, Expression> {
  return {
    current: cond(
      '$$inCurrent',
      withDelivery('$current', change, { ...currentExtra, seq: '$$seq' }),
      '$current',
    ),
    past: cond('$$inCurrent', orElse('$past', []), {
      $map: {
        input: orElse('$past', []),
        as: 'old',
        in: cond(
          eq('$$old.id', '$$p.verificationId'),
          withDelivery('$$old', change, { seq: '$$seq' }),
          '$$old',
        ),
      },
    }),
  };
}

const find = (fenced: Expression): Record<string, Expression>[] => [
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
  { seq: add('$$record.seq', 1) },
];

const leasedToWriter: Expression = and(
  eq('$$d.lease.owner', '$$p.leaseOwner'),
  eq('$$d.lease.n', '$$p.leaseN'),
);

/** `sends` without the one that this delivery was charged. */
function givenBack(): Expression {
  return letIn(
    [
      {
        charged: {
          $first: {
            $map: {
              input: {
                $filter: { input: '$current.deliveries', as: 'd', cond: eq('$$d.id', '$$p.deliveryId') },
              },
              in: '$$this.at',
            },
          },
        },
      },
      { index: { $indexOfArray: [orElse('$sends', []), '$$charged'] } },
    ],
    cond(
      gte('$$index', 0),
      concat(cond({ $gt: ['$$index', 0] }, { $slice: ['$sends', { $max: [1, '$$index'] }] }, []), {
        $slice: ['$sends', { $add: ['$$index', 1] }, { $max: [1, { $size: '$sends' }] }],
      }),
      orElse('$sends', []),
    ),
  );
}

/**
 * What the gateways said. A delivery definitely rejected gives its send and cool-down back, at most three
 * times per verification. A result for a past verification updates its delivery; it never changes a status.
 */
export function resultPipeline(now: Expression = SERVER_NOW): Pipeline {
  const change = merge(without('$$d', 'lease'), '$$p.result', {
    attemptedAt: now,
    attempts: concat('$$d.attempts', '$$p.attempts'),
  });
  const refunds = and('$$inCurrent', eq('$$p.result.state', 'rejected'), {
    $lt: ['$current.refunds', MAX_REFUNDS],
  });
  return decide(now, BY_SLOT, {
    levels: [
      ...find(leasedToWriter),
      { allowed: and(not(alreadyDone), { $gt: ['$$record', null] }), refunds },
    ],
    allowed: '$$allowed',
    then: effect(
      now,
      '$$p.result.state',
      [
        event({
          type: cond(eq('$$p.result.state', 'accepted'), 'sent', 'send_failed'),
          record: '$$record',
          seq: '$$seq',
          at: now,
          data: {
            deliveryId: '$$p.deliveryId',
            state: '$$p.result.state',
            provider: '$$p.result.provider',
            errorCode: '$$p.result.errorCode',
          },
        }),
      ],
      {
        ...inEither(change, { refunds: cond('$$refunds', add('$current.refunds', 1), '$current.refunds') }),
        sends: cond('$$refunds', givenBack(), orElse('$sends', [])),
      },
    ),
  });
}

export interface ClaimConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseMs: number;
}

/**
 * A delivery whose lease ran out: attempt it again (`claimed`), or give it up (`abandoned`) because the
 * verification ended or too little of its life is left.
 */
export function claimPipeline(now: Expression = SERVER_NOW): Pipeline {
  const ranOut = lte('$$d.lease.until', now);
  const enoughLife: Expression = { $min: [REDISPATCH_MS, { $divide: ['$current.policy.ttlMs', 2] }] };
  const claimed = merge('$$ROOT', {
    current: withDelivery(
      '$current',
      merge('$$d', {
        lease: { owner: '$$p.leaseOwner', n: add('$$d.lease.n', 1), until: add(now, '$$p.leaseMs') },
      }),
      {},
    ),
    ops: { $slice: [concat(orElse('$ops', []), [{ op: '$$p.op', outcome: 'claimed', at: now }]), -MAX_OPS] },
    dueAt: cond({ $gt: [{ $size: orElse('$pendingAudit', []) }, 0] }, now, {
      $min: [add(now, '$$p.leaseMs'), '$current.expiresAt'],
    }),
  });
  const abandoned = effect(
    now,
    'abandoned',
    [
      event({
        type: 'send_failed',
        record: '$$record',
        seq: '$$seq',
        at: now,
        data: { deliveryId: '$$p.deliveryId', state: 'unknown', provider: null, errorCode: 'lease_expired' },
      }),
    ],
    inEither(merge(without('$$d', 'lease'), { state: 'unknown', errorCode: 'lease_expired' }), {}),
  );
  return decide(now, BY_SLOT, {
    levels: [
      ...find(ranOut),
      {
        allowed: and(not(alreadyDone), { $gt: ['$$record', null] }),
        again: and('$$inCurrent', isLive(now), gte(between(now, '$current.expiresAt'), enoughLife)),
      },
    ],
    allowed: '$$allowed',
    then: cond('$$again', claimed, abandoned),
  });
}

export interface ReleaseConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseN: number;
}

/** Shutdown: end the lease now, so that another instance need not wait for it. */
export function releasePipeline(now: Expression = SERVER_NOW): Pipeline {
  return decide(now, BY_SLOT, {
    levels: find(leasedToWriter),
    allowed: '$$inCurrent',
    then: merge('$$ROOT', {
      current: withDelivery('$current', merge('$$d', { lease: merge('$$d.lease', { until: now }) }), {}),
      dueAt: now,
    }),
  });
}
