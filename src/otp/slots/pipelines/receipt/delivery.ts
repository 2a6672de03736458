/**
 * What receipts make of a delivery.
 *
 * Each gateway call of a delivery (attempt) has a final state of its own, the first one that it was told. A message
 * of several parts is delivered when all are, and undelivered when one is. The delivery's state follows from these,
 * in whatever order they come:
 * - delivered, as soon as one of its attempts is: the person has the code, whichever gateway brought it;
 * - otherwise what is known of the attempt that decides: the last accepted one, else the last that may have been.
 *   That another attempt failed says nothing: its text is a duplicate that nobody waits for.
 * A state only ever rises: sending, rejected, unknown < accepted < sent < undelivered < delivered. So the one final
 * state that can change is `undelivered`, when the text of another attempt arrives after all.
 *
 * While gateways are being called (the lease), `undelivered` waits for the result: the next gateway may be at it.
 */
import { isOpen } from '../delivery-parts';
import { and, concat, cond, eq, gt, letIn, merge, not, or, orElse, without } from '../expressions';
import type { Expression } from '../expressions';
import { heard } from './attempt';
import { filter, FINAL, first, indexes, isEarly, isFinal, isIn, itemAt, last } from './words';

/** Higher wins; what gateways answered comes before everything that receipts say. */
const rank = (state: Expression): Expression => ({
  $indexOfArray: [['accepted', 'sent', ...FINAL], state],
});

/** An attempt that nothing is known of but that receipts come. `parts` 0: not told. */
const early: Expression = {
  provider: '$$p.gateway',
  outcome: 'unknown',
  reason: null,
  latencyMs: 0,
  reference: null,
  parts: 0,
  estimate: null,
  price: null,
  early: true,
};

const isOfGateway = (attempt: string): Expression => eq(`${attempt}.provider`, '$$p.gateway');
/** Of the one at `$$i`. Attempts of long ago have no reference, so a list of all would have holes. */
const atIndex = (test: Expression): Expression => letIn([{ one: itemAt('$$attempts', '$$i') }], test);
const isReferred = and(gt('$$f.reference', null), eq('$$one.reference', '$$f.reference'));

/** Which of `$$attempts` `$$f` is about: the last of its reference, else the last of its gateway; null: none. */
const attemptMeant: Expression = letIn(
  [{ own: filter(indexes('$$attempts'), 'i', atIndex(isOfGateway('$$one'))) }],
  orElse(last(filter('$$own', 'i', atIndex(isReferred))), orElse(last('$$own'), null)),
);

/** Also evaluated where there is no such delivery, and must not fail then. */
const attemptsOf = (delivery: string): Expression => orElse(`${delivery}.attempts`, []);

/** Variables: `$$p.gateway`, `$$p.receipts`, and `$$p.proven` when the gateway is known to have been asked. */
function attemptsAfter(delivery: string): Expression {
  const attempts = attemptsOf(delivery);
  const isKnown: Expression = {
    $anyElementTrue: [{ $map: { input: attempts, as: 'a', in: isOfGateway('$$a') } }],
  };
  const mayBeNew = or(isOpen(delivery), '$$p.proven');
  return {
    $reduce: {
      input: '$$p.receipts',
      initialValue: cond(and(not(isKnown), mayBeNew), concat(attempts, [early]), attempts),
      in: letIn([{ attempts: '$$value', f: '$$this' }, { meant: attemptMeant }], {
        $map: {
          input: indexes('$$attempts'),
          as: 'index',
          in: letIn([{ a: itemAt('$$attempts', '$$index') }], cond(eq('$$index', '$$meant'), heard, '$$a')),
        },
      }),
    },
  };
}

/** The attempt whose state the delivery has, unless another one arrived. */
function decisive(attempts: Expression): Expression {
  const written = filter(attempts, 'a', not(isEarly('$$a')));
  const withOutcome = (list: Expression, outcome: string): Expression =>
    last(filter(list, 'a', eq('$$a.outcome', outcome)));
  return {
    $ifNull: [
      withOutcome(written, 'accepted'),
      withOutcome(written, 'unknown'),
      last(filter(attempts, 'a', isEarly('$$a'))),
    ],
  };
}

/** A delivery whose attempts have changed, with the state that follows from them. */
function withState(delivery: string, now: Expression): Expression {
  const attempts = attemptsOf(delivery);
  return letIn(
    [
      {
        decider: {
          $ifNull: [first(filter(attempts, 'a', eq('$$a.receipt', 'delivered'))), decisive(attempts)],
        },
      },
      { next: orElse('$$decider.receipt', `${delivery}.state`) },
      { waits: and(eq('$$next', 'undelivered'), isOpen(delivery)) },
    ],
    cond(
      and(gt(rank('$$next'), rank(`${delivery}.state`)), not('$$waits')),
      merge(
        delivery,
        {
          state: '$$next',
          provider: '$$decider.provider',
          reference: '$$decider.reference',
          errorCode: cond(eq('$$next', 'undelivered'), '$$decider.reason', null),
        },
        cond(isFinal('$$next'), { finalAt: now }, {}),
      ),
      delivery,
    ),
  );
}

/** A delivery after receipts; exactly as it was when they say nothing new. */
export function afterReceipts(delivery: string, now: Expression): Expression {
  return letIn([{ told: merge(delivery, { attempts: attemptsAfter(delivery) }) }], withState('$$told', now));
}

/** A delivery whose sender will not report any more: what receipts told decides. */
export function withoutLease(delivery: string, now: Expression): Expression {
  return letIn([{ left: without(delivery, 'lease') }], withState('$$left', now));
}

const nothingNew: Expression = {
  state: 'unknown',
  reason: null,
  reference: null,
  part: null,
  parts: null,
  price: null,
};

/** The attempt `$$a` that was just written down, with what receipts said of it before (`$$e`). */
const withEarly: Expression = letIn(
  [
    {
      a: merge(
        '$$a',
        { receipt: '$$e.receipt', deliveredParts: '$$e.deliveredParts', pricedParts: '$$e.pricedParts' },
        cond(gt('$$e.parts', 0), { parts: '$$e.parts' }, {}),
        cond(gt('$$e.price', null), { price: '$$e.price' }, {}),
        cond(eq('$$e.receipt', 'undelivered'), { reason: '$$e.reason' }, {}),
      ),
      f: nothingNew,
    },
  ],
  heard,
);

/** The attempts that a result brings, joined with what receipts told of them too early. */
function attemptsWritten(delivery: string): Expression {
  const attempts = attemptsOf(delivery);
  const isWritten = and(isEarly('$$a'), isIn('$$a.provider', '$$p.attempts.provider'));
  const isLastOfGateway: Expression = eq('$$index', {
    $max: filter(indexes('$$p.attempts'), 'i', eq(itemAt('$$p.attempts.provider', '$$i'), '$$a.provider')),
  });
  const ofSame = first(filter(attempts, 'e', and(isEarly('$$e'), eq('$$e.provider', '$$a.provider'))));
  return concat(filter(attempts, 'a', not(isWritten)), {
    $map: {
      input: indexes('$$p.attempts'),
      as: 'index',
      in: letIn(
        [{ a: itemAt('$$p.attempts', '$$index') }, { e: ofSame }],
        cond(and(gt('$$e', null), isLastOfGateway), withEarly, '$$a'),
      ),
    },
  });
}

/** A delivery after its result, which is in `$$p`: what receipts told before is not taken back. Its lease goes. */
export function afterResult(delivery: string, now: Expression): Expression {
  return letIn(
    [
      {
        answered: merge(without(delivery, 'lease', 'answered'), '$$p.result', {
          attemptedAt: now,
          attempts: attemptsWritten(delivery),
        }),
      },
      { after: withState('$$answered', now) },
    ],
    merge(
      '$$after',
      cond(gt(rank(`${delivery}.state`), rank('$$after.state')), { state: `${delivery}.state` }, {}),
      cond(eq(`${delivery}.state`, '$$after.state'), { finalAt: `${delivery}.finalAt` }, {}),
    ),
  );
}
