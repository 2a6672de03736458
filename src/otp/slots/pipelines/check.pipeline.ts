/** Check: one guess. Charged first, compared after, both in the same write. */
import type { mongo } from 'mongoose';
import type { Actor } from '../../../audit/audit-event';
import {
  BY_SLOT,
  BY_VERIFICATION,
  isOwnCurrent,
  add,
  alreadyDone,
  and,
  concat,
  cond,
  change,
  decide,
  effect,
  event,
  gt,
  gte,
  isLive,
  isLocked,
  lockMs,
  merge,
  not,
  orElse,
  SERVER_NOW,
  without,
} from './expressions';
import type { Expression, Pipeline } from './expressions';

export interface CheckConstants {
  applicationId: string;
  op: string;
  actor: Actor;
  verificationId: string;
  /** What the stored MAC would be for this guess, under each key of the ring. */
  candidates: { kid: string; mac: mongo.Binary }[];
}

function approve(now: Expression): Expression {
  const seq = add('$current.seq', 1);
  return effect(
    now,
    'approved',
    [event({ type: 'approved', record: '$current', seq, at: now, data: { checks: '$$used' } })],
    {
      current: merge(without('$current', 'mac', 'sealed'), {
        status: 'approved',
        endedAt: now,
        checksUsed: '$$used',
        seq,
      }),
      failures: 0,
      sends: [],
    },
    without('$$ROOT', 'lockedUntil'),
  );
}

/** The N-th wrong guess ends the verification; the recipient's count lives on. */
function refuse(now: Expression): Expression {
  const failedEvent = event({ type: 'failed', record: '$current', seq: add('$current.seq', 2), at: now });
  const lockedEvent = event({
    type: 'locked',
    record: '$current',
    seq: add('$current.seq', 2, cond('$$last', 1, 0)),
    at: now,
    data: { failures: '$$failures' },
  });
  const wrong = event({
    type: 'check_failed',
    record: '$current',
    seq: add('$current.seq', 1),
    at: now,
    data: { checks: '$$used', failures: '$$failures' },
  });
  const locks = gte('$$failures', 10);
  return effect(
    now,
    cond('$$last', 'failed', 'wrong'),
    concat([wrong], cond('$$last', [failedEvent], []), cond(locks, [lockedEvent], [])),
    {
      current: merge(
        cond('$$last', without('$current', 'mac', 'sealed'), '$current'),
        { checksUsed: '$$used', seq: add('$current.seq', 1, cond('$$last', 1, 0), cond(locks, 1, 0)) },
        cond('$$last', { status: 'failed', endedAt: now }, {}),
      ),
      failures: '$$failures',
    },
    // `$$wait` is 0 below the first delay and null at the last one, where only an unlock helps.
    cond(
      gt('$$wait', 0),
      merge('$$ROOT', { lockedUntil: add(now, '$$wait') }),
      without('$$ROOT', 'lockedUntil'),
    ),
  );
}

export function checkPipeline(now: Expression = SERVER_NOW): Pipeline {
  const failures = add(orElse('$failures', 0), 1);
  return decide(now, BY_VERIFICATION, {
    levels: [
      {
        allowed: and(
          not(alreadyDone),
          isOwnCurrent,
          isLive(now),
          not(isLocked(now)),
          // A code made with a key that this instance has not read yet is not wrong: charge nothing.
          { $in: ['$current.kid', '$$p.candidates.kid'] },
        ),
        matches: { $in: [{ kid: '$current.kid', mac: '$current.mac' }, '$$p.candidates'] },
        used: add('$current.checksUsed', 1),
        failures,
        wait: lockMs(failures),
      },
      { last: gte('$$used', '$current.policy.maxChecks') },
    ],
    allowed: '$$allowed',
    then: cond('$$matches', approve(now), refuse(now)),
  });
}

export interface CancelConstants {
  applicationId: string;
  op: string;
  actor: Actor;
  verificationId: string;
}

/** Works while the recipient is locked. */
export function cancelPipeline(now: Expression = SERVER_NOW): Pipeline {
  const seq = add('$current.seq', 1);
  return change(BY_VERIFICATION, {
    levels: [{ allowed: and(not(alreadyDone), isOwnCurrent, isLive(now)) }],
    allowed: '$$allowed',
    then: effect(now, 'canceled', [event({ type: 'canceled', record: '$current', seq, at: now })], {
      current: merge(without('$current', 'mac', 'sealed'), { status: 'canceled', endedAt: now, seq }),
    }),
  });
}

export interface UnlockConstants {
  op: string;
  actor: Actor;
}

/** Forgives the recipient's failures. The send window stays: it protects the bill, not the code. */
export function unlockPipeline(now: Expression = SERVER_NOW): Pipeline {
  const seq = add('$current.seq', 1);
  return change(BY_SLOT, {
    levels: [{ allowed: and(not(alreadyDone), gt(orElse('$failures', 0), 0)) }],
    allowed: '$$allowed',
    then: effect(
      now,
      'unlocked',
      [event({ type: 'unlocked', record: '$current', seq, at: now, data: { failures: '$failures' } })],
      { current: merge('$current', { seq }), failures: 0 },
      without('$$ROOT', 'lockedUntil'),
    ),
  });
}
