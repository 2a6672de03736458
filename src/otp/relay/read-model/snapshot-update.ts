/** How a copy is written: plain updates, guarded by the version. */
import type { UpdateStatement } from '../../../common/mongo/write-commands';
import type { VerificationSnapshot } from './snapshot';

type Versioned = Partial<VerificationSnapshot> & { readonly rev?: number | undefined };

/**
 * What of a verification changes is set where an older version is stored. The rest is set once: so a late copy cannot
 * bring back personal data or a recipient that a job has removed meanwhile.
 */
export function statementOf(snapshot: VerificationSnapshot): UpdateStatement {
  const { id, recipient, seq, rev, status, checksUsed, expiresAt, endedAt, deliveries, sends, ...once } =
    snapshot;
  const isOlder = { seq: { $lt: seq } };
  // Where `rev` is absent, it counts as 0.
  const older = rev ? { $or: [isOlder, { seq, rev: { $not: { $gte: rev } } }] } : isOlder;
  return {
    q: { _id: id, ...older },
    u: {
      ...settingOf({ seq, rev, status, checksUsed, expiresAt, endedAt, deliveries, sends }),
      $setOnInsert: recipient === null ? once : { ...once, recipient },
    },
  };
}

/** Without `rev`, the stored one goes. */
export function settingOf({ rev, ...changes }: Versioned): UpdateStatement['u'] {
  return rev === undefined ? { $set: changes, $unset: { rev: '' } } : { $set: { ...changes, rev } };
}
