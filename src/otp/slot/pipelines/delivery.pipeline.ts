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
 * times per verification. A result for a past verification updates its delivery; it never changes a status.
 */
export function resultPipeline(now: Expression = SERVER_NOW): Pipeline {
  const answered = merge(without('$$d', 'lease'), '$$p.result', {
    attemptedAt: now,
    attempts: concat('$$d.attempts', '$$p.attempts'),
  });
  const refunds = and('$$inCurrent', eq('$$p.result.state', 'rejected'), {
    $lt: ['$current.refunds', MAX_REFUNDS],
  });
  return change(BY_SLOT, {
    levels: [
      ...find(leasedToWriter),
      {
        allowed: and(not(alreadyDone), { $gt: ['$$record', null] }),
        refunds,
        goesOn: and(eq('$$p.result.state', 'rejected'), hasNextStep),
      },
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
        ...inEither(answered, {
          refunds: cond('$$refunds', add('$current.refunds', 1), '$current.refunds'),
          // No gateway took it: the next channel need not wait.
          followAt: cond('$$goesOn', now, '$$REMOVE'),
          followUp: cond('$$goesOn', { deliveryId: '$$p.deliveryId' }, '$$REMOVE'),
        }),
        sends: cond('$$refunds', givenBack(), orElse('$sends', [])),
      },
    ),
  });
}
