/**
 * What the jobs do to a slot once its news are safe elsewhere: forget what was copied, and say when somebody
 * has work on it next. Both pipelines name exactly what they remove, so running one twice, late, or beside
 * another instance changes nothing that it did not read.
 */
import {
  BY_SLOT,
  FINAL_FAILURE,
  SERVER_NOW,
  add,
  and,
  concat,
  cond,
  eq,
  gt,
  gte,
  letIn,
  merge,
  not,
  or,
  orElse,
  paramsOf,
  size,
  without,
} from './expressions';
import { isOpen } from './delivery-parts';
import type { Expression, Pipeline } from './expressions';

/** Personal data and tombstones stay this long after the end. */
export const FORGET_AFTER_MS = 24 * 3_600_000;
/** A slot nobody uses any more is deleted after this. */
const PURGE_AFTER_MS = 30 * 24 * 3_600_000;
/** As long as an idempotency record may ask for the outcome of its operation. */
const KEEP_OPS_MS = 24 * 3_600_000;
/** How long after its lease a delivery's result may still arrive in the slot. */
const RESULT_GRACE_MS = 60_000;

export interface SettleConstants {
  /** Events that the log has. */
  events: { verificationId: string; seq: number }[];
  /** Verifications that the read model has, at this version. */
  copied: { id: string; seq: number; rev: number }[];
  /** Tombstones beyond the bound of the list. */
  dropped: string[];
}

export interface TidyConstants {
  /** Ended verifications whose personal data the read model has erased. */
  erased: string[];
}

const isTombstone = (entry: string): Expression => eq(orElse(`${entry}.tombstone`, false), true);
const among = (value: Expression, list: string): Expression => ({ $in: [value, list] });

const open = (record: string): Expression => ({
  $filter: { input: orElse(`${record}.deliveries`, []), as: 'd', cond: isOpen('$$d') },
});
/** The first lease to run out among the deliveries under way, null when there is none. */
const firstLeaseEnd = (record: string): Expression => ({
  $min: { $map: { input: open(record), as: 'd', in: '$$d.lease.until' } },
});
/**
 * A delivery whose sender may still report, or whose result waits to be joined: its record stays whole, or the result
 * would have no place to go.
 */
const awaitsResult = (record: string, now: Expression): Expression => ({
  $anyElementTrue: {
    $map: {
      input: open(record),
      as: 'd',
      in: or(gt('$$d.answered', null), gt(add('$$d.lease.until', RESULT_GRACE_MS), now)),
    },
  },
});

/** The drain's last step; its constants are `keys` and `params`, one {@link SettleConstants} per slot. */
export function settlePipeline(now: Expression = SERVER_NOW): Pipeline {
  const isCopied = (record: string): Expression =>
    among({ id: `${record}.id`, seq: `${record}.seq`, rev: orElse(`${record}.rev`, 0) }, '$$own.copied');
  const isDone = and(not(isTombstone('$$p')), isCopied('$$p'), not(awaitsResult('$$p', now)));
  const tombstone = merge(
    { id: '$$p.id', status: '$$p.status', endedAt: orElse('$$p.endedAt', now) },
    { tombstone: true },
  );
  const kept = {
    $filter: {
      input: orElse('$past', []),
      as: 'p',
      cond: not(and(isTombstone('$$p'), among('$$p.id', '$$own.dropped'))),
    },
  };
  return [
    changed({
      pendingAudit: {
        $filter: {
          input: orElse('$pendingAudit', []),
          as: 'e',
          cond: not(among({ verificationId: '$$e.verificationId', seq: '$$e.seq' }, '$$own.events')),
        },
      },
      past: { $map: { input: kept, as: 'p', in: cond(isDone, tombstone, '$$p') } },
      current: cond(isCopied('$current'), without('$current', 'uncopied'), '$current'),
    }),
    ...schedule(now),
  ];
}

/**
 * Removes what has been kept long enough, and puts `dueAt` right whatever it was. Constants: `keys`, and
 * `params` with one {@link TidyConstants} per slot.
 */
export function tidyPipeline(now: Expression = SERVER_NOW): Pipeline {
  const forgetsCurrent = and(not(eq('$current.status', 'pending')), among('$current.id', '$$own.erased'));
  return [
    changed({
      current: cond(
        forgetsCurrent,
        merge('$current', { personal: null, transactionDigest: null }),
        '$current',
      ),
      past: {
        $filter: {
          input: orElse('$past', []),
          as: 'p',
          cond: not(and(isTombstone('$$p'), among('$$p.id', '$$own.erased'))),
        },
      },
      ops: {
        $filter: {
          input: orElse('$ops', []),
          as: 'o',
          cond: gt('$$o.at', { $subtract: [now, KEEP_OPS_MS] }),
        },
      },
    }),
    ...schedule(now),
  ];
}

/** `$$own`: the constants that are this slot's. */
const changed = (fields: Record<string, Expression>): Record<string, Expression> => ({
  $replaceWith: letIn([{ own: paramsOf(BY_SLOT) }], merge('$$ROOT', fields)),
});

/** The fields that depend on all others: `ids`, `dueAt`, `purgeAt`. */
function schedule(now: Expression): Pipeline {
  const hasNews = or(gt(size('$pendingAudit'), 0), eq(orElse('$current.uncopied', false), true));
  const hasWholePast = {
    $anyElementTrue: { $map: { input: '$past', as: 'p', in: not(isTombstone('$$p')) } },
  };
  const purgeAt = add(now, PURGE_AFTER_MS);
  return [
    {
      $set: {
        ids: concat('$past.id', ['$current.id']),
        dueAt: orElse(
          {
            $min: [
              cond(hasNews, now, null),
              firstLeaseEnd('$current'),
              currentDue(),
              { $min: { $map: { input: '$past', as: 'p', in: pastDue(now) } } },
            ],
          },
          '$$REMOVE',
        ),
        purgeAt: cond(
          or(hasNews, hasWholePast, gte(orElse('$failures', 0), FINAL_FAILURE)),
          '$$REMOVE',
          // Every operation removes it: if it is there, nothing happened since it was written.
          { $min: [orElse('$purgeAt', purgeAt), purgeAt] },
        ),
      },
    },
  ];
}

/** The next look at its channels or expiry while pending, afterwards the removal of personal data. */
function currentDue(): Expression {
  const forget = cond(
    gt(orElse('$current.personal', null), null),
    add('$current.endedAt', FORGET_AFTER_MS),
    null,
  );
  return cond(
    eq('$current.status', 'pending'),
    { $min: ['$current.expiresAt', '$current.followAt'] },
    forget,
  );
}

/** A past verification that is still whole waits for a lease to run out, or for the drain. */
function pastDue(now: Expression): Expression {
  return cond(isTombstone('$$p'), add('$$p.endedAt', FORGET_AFTER_MS), orElse(firstLeaseEnd('$$p'), now));
}
