/**
 * Expiry, written down. Everybody reads a pending verification at or after `expiresAt` as expired already;
 * this makes it so in the document: the code goes, and the event is queued.
 */
import type { Actor } from '../../../audit/audit-event';
import { BY_SLOT, SERVER_NOW, add, and, change, effect, eq, event, gte, merge, without } from './expressions';
import type { Expression, Pipeline } from './expressions';

export interface ExpireConstants {
  op: string;
  actor: Actor;
}

/** Idempotent by the state itself: a verification expires once. */
export function expirePipeline(now: Expression = SERVER_NOW): Pipeline {
  const at = '$current.expiresAt';
  const seq = add('$current.seq', 1);
  return change(BY_SLOT, {
    levels: [{ allowed: and(eq('$current.status', 'pending'), gte(now, at)) }],
    allowed: '$$allowed',
    then: effect(now, 'expired', [event({ type: 'expired', record: '$current', seq, at })], {
      current: merge(without('$current', 'mac', 'sealed'), { status: 'expired', endedAt: at, seq }),
    }),
  });
}
