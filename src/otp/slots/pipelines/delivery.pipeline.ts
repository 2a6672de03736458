/** The result of a delivery, after the slot was written. */
import type { DeliveryRecord } from '../slot';
import { find, inEither, leasedToWriter } from './delivery-parts';
import type { DeliveryTarget } from './delivery-parts';
import {
  BY_SLOT,
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
  gte,
  hasNextStep,
  letIn,
  lt,
  merge,
  not,
  orElse,
  without,
} from './expressions';
import type { Expression, Pipeline } from './expressions';

/** Sends that one verification may get back for definite rejections. */
const MAX_REFUNDS = 3;

export interface ResultConstants extends DeliveryTarget {
  leaseOwner: string;
  leaseN: number;
  result: Pick<DeliveryRecord, 'provider' | 'reference' | 'errorCode'> & {
    state: 'accepted' | 'rejected' | 'unknown';
  };
  attempts: DeliveryRecord['attempts'];
  /** As in `ReceiptConstants`, for a receipt that came before the result. */
  withinMs: number;
}

/** Whether a delivery that every gateway refused, which `isRejected` says, gives its send back. */
export const isRefunded = (isRejected: Expression): Expression =>
  and('$$inCurrent', isRejected, lt('$current.refunds', MAX_REFUNDS));

/** Both with `$$refunds` as above. */
export const refundsAfter: Expression = cond('$$refunds', add('$current.refunds', 1), '$current.refunds');
export const sendsAfter = (): Expression => cond('$$refunds', givenBack(), orElse('$sends', []));

/** The event that says what the gateways said. */
export const answeredEvent = (now: Expression): Expression =>
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
  });

/** What makes the job look at the verification (`test`); nothing when it need not. */
export const followSoon = (test: Expression, now: Expression): Record<string, Expression> => ({
  followAt: cond(test, now, '$$REMOVE'),
  followUp: cond(test, { deliveryId: '$$p.deliveryId' }, '$$REMOVE'),
});

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
 *
 * A receipt may have come first. That is rare, and this pipeline goes with every batch, so it only puts such a result
 * down (`answered`) and ends the lease; the job that takes over what nobody holds joins the two (`receipt/join.ts`).
 */
export function resultPipeline(now: Expression = SERVER_NOW): Pipeline {
  const answered = merge(without('$$d', 'lease'), '$$p.result', {
    attemptedAt: now,
    attempts: concat('$$d.attempts', '$$p.attempts'),
  });
  const isRejected = and(not('$$isTold'), eq('$$p.result.state', 'rejected'));
  const own = { refunds: refundsAfter, ...followSoon('$$goesOn', now) };
  const version = { seq: cond('$$isTold', '$$record.seq', '$$seq') };
  return change(BY_SLOT, {
    levels: [
      ...find(leasedToWriter),
      { isTold: { $in: [true, orElse('$$delivery.attempts.early', [])] } },
      // No gateway took it: the next channel need not wait.
      { refunds: isRefunded(isRejected), goesOn: and(isRejected, hasNextStep) },
    ],
    allowed: and(not(alreadyDone), { $gt: ['$$record', null] }),
    then: effect(now, '$$p.result.state', cond('$$isTold', [], [answeredEvent(now)]), {
      ...inEither(cond('$$isTold', putDown(now), answered), own, version),
      sends: sendsAfter(),
    }),
  });
}

const putDown = (now: Expression): Expression =>
  merge('$$d', {
    lease: merge('$$d.lease', { until: now }),
    answered: merge('$$p', { at: now }),
  });
