/** A result that came after a receipt was put down beside it (`delivery.pipeline.ts`). Here the two become one. */
import { inEither } from '../delivery-parts';
import { answeredEvent, followSoon, isRefunded, refundsAfter, sendsAfter } from '../delivery.pipeline';
import { add, and, concat, cond, effect, eq, gt, hasNextStep, letIn, merge, or } from '../expressions';
import type { Expression } from '../expressions';
import { afterResult } from './delivery';
import { becomesFinal, finalEvent, isToBeFollowed } from './receipt.pipeline';

/** `$$delivery` has a result that waits for this. */
export const isPutDown: Expression = gt('$$delivery.answered', null);

/** The slot after that, as if the result had been there first. Needs the variables of `find`. */
export function joined(now: Expression): Expression {
  const isRejected = eq('$$after.state', 'rejected');
  const own = { refunds: refundsAfter, ...followSoon('$$goesOn', now) };
  return letIn(
    [
      { p: merge('$$delivery.answered', { op: '$$p.op' }) },
      { after: afterResult('$$delivery', '$$p.at') },
      { final: becomesFinal },
      {
        refunds: isRefunded(isRejected),
        goesOn: or(and(isRejected, hasNextStep), isToBeFollowed(now)),
        lastSeq: cond('$$final', add('$$seq', 1), '$$seq'),
      },
    ],
    effect(
      now,
      'joined',
      concat([answeredEvent('$$p.at')], cond('$$final', [finalEvent('$$lastSeq', now)], [])),
      { ...inEither('$$after', own, { seq: '$$lastSeq' }), sends: sendsAfter() },
    ),
  );
}
