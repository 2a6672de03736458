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
  not,
  or,
  orElse,
} from './expressions';
import type { Expression, Pipeline } from './expressions';
import { afterResult } from './receipt/delivery';
import { becomesFinal, finalEvent, followSoon, isToBeFollowed } from './receipt/receipt.pipeline';

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
 * times per verification. A result for a past verification updates its delivery; it never changes a status. What a
 * receipt told before is not taken back.
 */
export function resultPipeline(now: Expression = SERVER_NOW): Pipeline {
  const isRejected = eq('$$after.state', 'rejected');
  const refunds = and('$$inCurrent', isRejected, { $lt: ['$current.refunds', MAX_REFUNDS] });
  return change(BY_SLOT, {
    levels: [
      ...find(leasedToWriter),
      { after: afterResult('$$delivery', now) },
      { final: becomesFinal },
      {
        allowed: and(not(alreadyDone), { $gt: ['$$record', null] }),
        refunds,
        // No gateway took it: the next channel need not wait.
        goesOn: or(and(isRejected, hasNextStep), isToBeFollowed(now)),
        lastSeq: cond('$$final', add('$$seq', 1), '$$seq'),
      },
    ],
    allowed: '$$allowed',
    then: effect(
      now,
      '$$p.result.state',
      concat([answered(now)], cond('$$final', [finalEvent('$$lastSeq', now)], [])),
      {
        ...inEither(
          '$$after',
          {
            refunds: cond('$$refunds', add('$current.refunds', 1), '$current.refunds'),
            ...followSoon('$$goesOn', now),
          },
          { seq: '$$lastSeq' },
        ),
        sends: cond('$$refunds', givenBack(), orElse('$sends', [])),
      },
    ),
  });
}

const answered = (now: Expression): Expression =>
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
