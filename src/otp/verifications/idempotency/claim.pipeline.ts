import type { Claim } from './idempotency';

/** How long a record is kept: within it, a repeat gets the first answer. */
export const RECORD_LIFE_MS = 24 * 60 * 60_000;
/** An attempt that did not end within this time has died: every call is answered within 10 s. */
export const TAKE_OVER_AFTER_MS = 30_000;

type Expression = string | number | Date | Readonly<Record<string, unknown>>;

/**
 * Claims a record in one update, an upsert by `_id` alone:
 * - no record, or one that is over: a fresh one, mine;
 * - the same request, and its attempt was suspended or has died: mine, with the ids it has;
 * - otherwise the record stays as it is.
 *
 * Who has the claim reads from the result: `attempt` is mine or not. Of any number at once one gets it,
 * because each decision is made on the document that the one before left.
 *
 * @param now an expression: the server's clock; a date in tests
 */
export function claimPipeline(claim: Claim, now: Expression = '$$NOW'): Record<string, unknown>[] {
  const mine = { attempt: { $literal: claim.attempt }, state: 'running', takenAt: now };
  const fresh = {
    $mergeObjects: [
      { _id: '$_id' },
      { $literal: { ...claim, response: null } },
      { ...mine, expiresAt: { $add: [now, RECORD_LIFE_MS] } },
    ],
  };
  const takenOver = { $mergeObjects: ['$$ROOT', mine] };
  const absent = { $lte: [{ $ifNull: ['$expiresAt', now] }, now] };
  const sameRequest = { $eq: ['$fingerprint', { $literal: claim.fingerprint }] };
  return [
    {
      $replaceWith: {
        $switch: {
          branches: [
            { case: absent, then: fresh },
            { case: { $and: [sameRequest, isAbandoned(now)] }, then: takenOver },
          ],
          default: '$$ROOT',
        },
      },
    },
  ];
}

/** The distance counts in both directions: a clock that was stepped back must not lock a record for hours. */
function isAbandoned(now: Expression): Expression {
  const distance = { $abs: { $subtract: [now, '$takenAt'] } };
  const died = { $and: [{ $eq: ['$state', 'running'] }, { $gte: [distance, TAKE_OVER_AFTER_MS] }] };
  return { $or: [{ $eq: ['$state', 'suspended'] }, died] };
}
