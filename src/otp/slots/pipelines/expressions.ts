/**
 * The vocabulary in which slot pipelines are written: aggregation expressions as plain objects, and the
 * conditions and changes that several pipelines share.
 *
 * Two rules keep a client's words from ever being read as an expression (`"$current.mac"` in a metadata
 * value would leak it):
 * - a pipeline is a constant document; it is built once, at import;
 * - what varies arrives as a *constant* of the update statement (`c`), named in the pipeline as `$$p.name`.
 *   The server binds constants as values and never evaluates them.
 *
 * Fresh sub-documents are set whole (`$mergeObjects` in a `$replaceWith`); a bare object in `$set` would
 * merge into what is there.
 */
export type Expression =
  string | number | boolean | null | Date | Expression[] | { [key: string]: Expression };
export type Pipeline = Record<string, Expression>[];

/** The instant of the statement, fixed once per command by the server. Tests pass a date instead. */
export const SERVER_NOW = '$$NOW';

/**
 * `ops` keeps this many operations: more than can take effect on one slot between a write and its read-back, over
 * all instances. Bounded by 100 sends (the widest policy), a result for each, and the checks in between; with 64,
 * four instances with joins for one number told a third of the callers that nothing was sent.
 */
export const MAX_OPS = 256;
/** One verification carries at most this many deliveries, whatever its policy: keeps the document small. */
export const MAX_DELIVERIES = 100;
/** A slot whose events were not drained for so long takes no new work (checks still pass; they are few per verification). */
export const MAX_UNDRAINED_EVENTS = 500;
/** NIST SP 800-63B-4 §3.2.2: at most 100 consecutive failures, ever growing delays before. */
const FIRST_DELAYED_FAILURE = 10;
export const FINAL_FAILURE = 100;
const LONGEST_LOCK_SECONDS = 3600;
const FIRST_LOCK_SECONDS = 30;

export const and = (...all: Expression[]): Expression => ({ $and: all });
export const or = (...any: Expression[]): Expression => ({ $or: any });
export const not = (value: Expression): Expression => ({ $not: [value] });
export const eq = (a: Expression, b: Expression): Expression => ({ $eq: [a, b] });
export const gt = (a: Expression, b: Expression): Expression => ({ $gt: [a, b] });
export const gte = (a: Expression, b: Expression): Expression => ({ $gte: [a, b] });
export const lt = (a: Expression, b: Expression): Expression => ({ $lt: [a, b] });
export const lte = (a: Expression, b: Expression): Expression => ({ $lte: [a, b] });
export const add = (...values: Expression[]): Expression => ({ $add: values });
export const cond = (test: Expression, then: Expression, otherwise: Expression): Expression => ({
  $cond: [test, then, otherwise],
});
export const orElse = (value: Expression, otherwise: Expression): Expression => ({
  $ifNull: [value, otherwise],
});
export const merge = (...documents: Expression[]): Expression => ({ $mergeObjects: documents });
export const concat = (...arrays: Expression[]): Expression => ({ $concatArrays: arrays });
export const size = (array: Expression): Expression => ({ $size: array });

/** `input` without the named fields; an absent field is no error. */
export function without(input: Expression, ...fields: string[]): Expression {
  return fields.reduce<Expression>((rest, field) => ({ $unsetField: { field, input: rest } }), input);
}

/** Nested `$let`s, so that a later level may use the variables of an earlier one as `$$name`. */
export function letIn(levels: Record<string, Expression>[], body: Expression): Expression {
  return levels.reduceRight<Expression>((inner, vars) => ({ $let: { vars, in: inner } }), body);
}

/** Milliseconds from one instant to another. */
export const between = (from: Expression, to: Expression): Expression => ({ $subtract: [to, from] });

/** This operation took effect before. The first condition of every pipeline: repeats change nothing. */
export const alreadyDone: Expression = { $in: ['$$p.op', orElse('$ops.op', [])] };

/** The current verification can still be approved at `now`: valid means now < expiresAt. */
export const isLive = (now: Expression): Expression =>
  and(eq('$current.status', 'pending'), lt(now, '$current.expiresAt'));

/** The recipient waits after too many wrong checks, or for good at 100. */
export const isLocked = (now: Expression): Expression =>
  or(gt(orElse('$lockedUntil', null), now), gte(orElse('$failures', 0), FINAL_FAILURE));

/** Sends that count at `now` for a window of `$$windowMs`. */
export const sendsInWindow = (now: Expression): Expression => ({
  $filter: { input: orElse('$sends', []), cond: gt('$$this', { $subtract: [now, '$$p.windowMs'] }) },
});

/** Whether the last of `$$sends` is younger than `$$cooldownMs`. */
export const isCooling = (now: Expression): Expression =>
  and(gt(size('$$sends'), 0), gt(add({ $max: '$$sends' }, '$$p.cooldownMs'), now));

export const isBacklogged: Expression = gte(size(orElse('$pendingAudit', [])), MAX_UNDRAINED_EVENTS);

/** Length of the lock after consecutive failure n, in ms; 0 below 10, null (until unlocked) from 100. */
export const lockMs = (n: Expression): Expression => ({
  $switch: {
    branches: [
      { case: lt(n, FIRST_DELAYED_FAILURE), then: 0 },
      { case: gte(n, FINAL_FAILURE), then: null },
    ],
    default: {
      $multiply: [
        1000,
        {
          $min: [
            LONGEST_LOCK_SECONDS,
            // The exponent is bounded before the power: 2^89 is no useful number.
            {
              $multiply: [
                FIRST_LOCK_SECONDS,
                { $pow: [2, { $min: [7, { $subtract: [n, FIRST_DELAYED_FAILURE] }] }] },
              ],
            },
          ],
        },
      ],
    },
  },
});

/** One audit event of the verification `record`, which may be any expression for a verification. */
export function event(fields: {
  type: Expression;
  record: string;
  seq: Expression;
  at: Expression;
  data?: Expression;
}): Expression {
  return {
    type: fields.type,
    verificationId: `${fields.record}.id`,
    seq: fields.seq,
    at: fields.at,
    actor: '$$p.actor',
    to: `${fields.record}.masked`,
    data: fields.data ?? {},
  };
}

/**
 * The slot after an operation that took effect: `changes` over the old document, the operation remembered,
 * its events queued, the drain called (`dueAt`), the purge called off.
 */
export function effect(
  now: Expression,
  outcome: Expression,
  events: Expression,
  changes: Record<string, Expression>,
  root: Expression = '$$ROOT',
): Expression {
  return merge(without(root, 'purgeAt'), {
    ...changes,
    ops: { $slice: [concat(orElse('$ops', []), [{ op: '$$p.op', outcome, at: now }]), -MAX_OPS] },
    pendingAudit: concat(orElse('$pendingAudit', []), events),
    dueAt: now,
  });
}

/**
 * First stage of every pipeline that decides by time. A clock that was stepped back leaves times further
 * ahead than their policy allows; each is pulled back to now + that policy's length, so that no cool-down,
 * lock or code outlasts its setting by more than that. A second of slack: `$$NOW` of neighbouring commands
 * may run backwards by a little, and a refused operation should leave the document untouched.
 */
export function healClock(now: Expression): Record<string, Expression> {
  const ahead = add(now, 1000);
  const latestLock = add(now, orElse(lockMs(orElse('$failures', 0)), 0));
  const latestExpiry = add(now, orElse('$current.policy.ttlMs', 0));
  return {
    $replaceWith: letIn(
      [
        {
          sendAhead: gt(orElse({ $max: '$sends' }, null), ahead),
          lockAhead: gt(orElse('$lockedUntil', null), add(latestLock, 1000)),
          expiryAhead: and(
            eq('$current.status', 'pending'),
            gt('$current.expiresAt', add(latestExpiry, 1000)),
          ),
        },
      ],
      cond(
        or('$$sendAhead', '$$lockAhead', '$$expiryAhead'),
        merge(
          '$$ROOT',
          { dueAt: now },
          cond('$$sendAhead', { sends: { $map: { input: '$sends', in: { $min: ['$$this', now] } } } }, {}),
          cond('$$lockAhead', { lockedUntil: latestLock }, {}),
          cond('$$expiryAhead', { current: merge('$current', { expiresAt: latestExpiry }) }, {}),
        ),
        '$$ROOT',
      ),
    ),
  };
}

/**
 * One statement serves many operations: `$$params` holds the constants of each, `$$keys` says whose they are,
 * and `$$p` is the one for the document at hand. A document that is nobody's gets the last one (the index is
 * -1), so a pipeline keyed by anything but `_id` must also compare the key itself.
 */
export const paramsOf = (key: Expression): Expression => ({
  $arrayElemAt: ['$$params', { $indexOfArray: ['$$keys', key] }],
});

/** Operations that are told by the slot, and by the verification that must be its current one. */
export const BY_SLOT = '$_id';
export const BY_VERIFICATION = '$current.id';

/** When an operation is allowed, and what it then makes of the slot. */
interface Rule {
  readonly levels: Record<string, Expression>[];
  readonly allowed: Expression;
  readonly then: Expression;
}

/** Either the new document or, refused, the old one as it is. */
export function change(key: typeof BY_SLOT | typeof BY_VERIFICATION, rule: Rule): Pipeline {
  const decision = cond(rule.allowed, rule.then, '$$ROOT');
  return [{ $replaceWith: letIn([{ p: paramsOf(key) }, ...rule.levels], decision) }];
}

/** A `change` that locks, cool-downs and lives decide about: heals the clock first. */
export function decide(now: Expression, key: typeof BY_SLOT | typeof BY_VERIFICATION, rule: Rule): Pipeline {
  return [healClock(now), ...change(key, rule)];
}

/** A verification that goes over several channels has another one after the one it is at. */
export const hasNextStep: Expression = lt(
  add(orElse('$current.plan.step', 0), 1),
  size(orElse('$current.plan.steps', [])),
);

/** The fields of a verification at step `step` of its plan from now on: the wait begins, if one follows. */
export const atStep = (step: Expression, now: Expression): Expression =>
  merge(
    { plan: merge('$current.plan', { step }) },
    cond(
      lt(add(step, 1), size('$current.plan.steps')),
      { followAt: add(now, { $arrayElemAt: ['$current.plan.steps.waitMs', step] }) },
      {},
    ),
  );

/** The verification is this application's current one. */
export const isOwnCurrent: Expression = and(
  eq('$current.id', '$$p.verificationId'),
  eq('$applicationId', '$$p.applicationId'),
);
