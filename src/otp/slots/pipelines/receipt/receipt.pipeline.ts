/** Receipts of one delivery. They never change the status of a verification. */
import { find, hasTimeToSend, inEither } from '../delivery-parts';
import { followSoon } from '../delivery.pipeline';
import type { DeliveryTarget } from '../delivery-parts';
import {
  add,
  and,
  BY_SLOT,
  change,
  concat,
  cond,
  eq,
  event,
  gt,
  hasNextStep,
  isLive,
  lte,
  MAX_OPS,
  merge,
  not,
  or,
  orElse,
  SERVER_NOW,
  without,
} from '../expressions';
import type { Expression, Pipeline } from '../expressions';
import type { ReceiptFact } from './attempt';
import { afterReceipts } from './delivery';
import { isFinal, isIn } from './words';

export interface ReceiptConstants extends DeliveryTarget {
  /** Who reports. A gateway that the delivery has no attempt of changes nothing, unless `proven`. */
  gateway: string;
  /** The gateway was asked for certain, though nobody may have lived to write it down. */
  proven: boolean;
  receipts: ReceiptFact[];
  /** How long after its send an undelivered delivery makes another one follow; 0: never. */
  withinMs: number;
}

/** Reasons that hold for every gateway: only another channel may do better. */
const PERMANENT = ['invalid-number', 'blocked'];

/** `$$after` became final by this operation. */
export const becomesFinal: Expression = and(
  isFinal('$$after.state'),
  not(eq('$$after.state', '$$delivery.state')),
);

/** Another gateway or channel is to be tried for `$$after`: early enough, still pending, and it is the newest. */
export const isToBeFollowed = (now: Expression): Expression =>
  and(
    '$$inCurrent',
    '$$final',
    eq('$$after.state', 'undelivered'),
    isLive(now),
    hasTimeToSend(now),
    eq({ $last: '$current.deliveries.id' }, '$$p.deliveryId'),
    gt('$$p.withinMs', 0),
    lte(now, add('$$after.at', '$$p.withinMs')),
    or(not(isIn('$$after.errorCode', PERMANENT)), hasNextStep),
  );

/** The event of a final state, with `seq`. */
export const finalEvent = (seq: Expression, now: Expression): Expression =>
  event({
    type: '$$after.state',
    record: '$$record',
    seq,
    at: now,
    data: {
      deliveryId: '$$p.deliveryId',
      state: '$$after.state',
      provider: '$$after.provider',
      errorCode: '$$after.errorCode',
    },
  });

/** A final state is an event, and so a new version; everything else is copied to the read model as `rev`. */
export const versionAfter: Record<string, Expression> = {
  seq: cond('$$final', '$$seq', '$$record.seq'),
  rev: cond('$$final', '$$REMOVE', add(orElse('$$record.rev', 0), 1)),
  uncopied: cond('$$final', '$$REMOVE', true),
};

/**
 * Idempotent by the state itself: what is known already changes nothing, the document included. Only a final state
 * leaves an event and an operation (so that whoever brought it knows); the rest is copied to the read model as `rev`.
 */
export function receiptPipeline(now: Expression = SERVER_NOW): Pipeline {
  const done = { op: '$$p.op', outcome: '$$after.state', at: now };
  const changes = merge(
    inEither('$$after', followSoon(isToBeFollowed(now), now), versionAfter),
    cond(
      '$$final',
      {
        ops: { $slice: [concat(orElse('$ops', []), [done]), -MAX_OPS] },
        pendingAudit: concat(orElse('$pendingAudit', []), [finalEvent('$$seq', now)]),
      },
      {},
    ),
  );
  return change(BY_SLOT, {
    levels: [
      ...find(true),
      { after: afterReceipts('$$delivery', now) },
      { final: becomesFinal, changed: not(eq('$$after', '$$delivery')) },
    ],
    allowed: and(gt(orElse('$$record', null), null), '$$changed'),
    then: merge(without('$$ROOT', 'purgeAt'), changes, { dueAt: now }),
  });
}
