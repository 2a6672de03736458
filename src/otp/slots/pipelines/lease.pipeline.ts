/**
 * The lease that says who may attempt a delivery. `owner` and `n` are the fence: a paused instance that comes back
 * after its lease ran out changes nothing.
 */
import { find, hasTimeToSend, inEither, isOpen, leasedToWriter, withDelivery } from './delivery-parts';
import type { DeliveryTarget } from './delivery-parts';
import {
  BY_SLOT,
  MAX_OPS,
  SERVER_NOW,
  add,
  alreadyDone,
  and,
  concat,
  cond,
  change,
  effect,
  eq,
  event,
  isLive,
  letIn,
  lt,
  lte,
  merge,
  not,
  orElse,
  without,
} from './expressions';
import type { Expression, Pipeline } from './expressions';
import { withoutLease } from './receipt/delivery';
import { isPutDown, joined } from './receipt/join';
import { becomesFinal, finalEvent, versionAfter } from './receipt/receipt.pipeline';

/**
 * Owners that a delivery may have one after the other. A process that dies of every gateway answer would
 * otherwise text the same code every half minute, for as long as it lives.
 */
const MAX_ATTEMPTS = 10;

export interface ClaimConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseMs: number;
}

const remembered = (outcome: string, at: Expression): Expression => ({ op: '$$p.op', outcome, at });

const attemptsSoFar: Expression = {
  $max: {
    $map: {
      input: { $filter: { input: '$current.deliveries', as: 'd', cond: eq('$$d.id', '$$p.deliveryId') } },
      in: '$$this.lease.n',
    },
  },
};

/** With its lease, what waited for the result ends too: a failure that receipts told of. */
const onItsWay = (now: Expression): Expression =>
  letIn(
    [{ after: withoutLease('$$delivery', now) }, { final: becomesFinal }],
    merge(
      '$$ROOT',
      inEither('$$after', {}, versionAfter),
      {
        ops: { $slice: [concat(orElse('$ops', []), [remembered('abandoned', now)]), -MAX_OPS] },
        dueAt: now,
      },
      cond('$$final', { pendingAudit: concat(orElse('$pendingAudit', []), [finalEvent('$$seq', now)]) }, {}),
    ),
  );

const givenUp = (now: Expression): Expression =>
  effect(
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

/**
 * A delivery whose lease ran out: attempt it again (`claimed`), or give it up (`abandoned`) because the
 * verification ended or too little of its life is left. One that a receipt told of is on its way already: only its
 * lease goes. One whose result was put down beside a receipt is done (`joined`).
 */
export function claimPipeline(now: Expression = SERVER_NOW): Pipeline {
  const ranOut = and(isOpen('$$d'), lte('$$d.lease.until', now));
  const claimed = merge('$$ROOT', {
    current: withDelivery(
      '$current',
      merge('$$d', {
        lease: { owner: '$$p.leaseOwner', n: add('$$d.lease.n', 1), until: add(now, '$$p.leaseMs') },
      }),
      {},
    ),
    ops: { $slice: [concat(orElse('$ops', []), [remembered('claimed', now)]), -MAX_OPS] },
    dueAt: cond({ $gt: [{ $size: orElse('$pendingAudit', []) }, 0] }, now, {
      $min: [add(now, '$$p.leaseMs'), '$current.expiresAt', '$current.followAt'],
    }),
  });
  return change(BY_SLOT, {
    levels: [
      ...find(ranOut),
      {
        allowed: and(not(alreadyDone), { $gt: ['$$record', null] }),
        isReported: not(eq('$$delivery.state', 'sending')),
        again: and('$$inCurrent', isLive(now), hasTimeToSend(now), lt(attemptsSoFar, MAX_ATTEMPTS)),
      },
    ],
    allowed: '$$allowed',
    then: cond(
      isPutDown,
      joined(now),
      cond('$$isReported', onItsWay(now), cond('$$again', claimed, givenUp(now))),
    ),
  });
}

export interface ReleaseConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseN: number;
}

/** Shutdown: end the lease now, so that another instance need not wait for it. */
export function releasePipeline(now: Expression = SERVER_NOW): Pipeline {
  return change(BY_SLOT, {
    levels: find(leasedToWriter),
    allowed: '$$inCurrent',
    then: merge('$$ROOT', {
      current: withDelivery('$current', merge('$$d', { lease: merge('$$d.lease', { until: now }) }), {}),
      dueAt: now,
    }),
  });
}
