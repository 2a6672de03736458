/** From a vendor's words or codes to ours. */
import { rejectReasons } from '../gateway';
import type { RejectReason } from '../gateway';
import { undeliveredReasons } from '../receipt';
import type { UndeliveredReason } from '../receipt';

/** Why something failed, whether that is told at once or by a receipt: vendors use one list of codes for both. */
export type FailureReason = RejectReason | UndeliveredReason;

/** Look-up from each of the vendor's words to ours: `{ sent: ['QUEUED', 'SENT'] }` knows `QUEUED` as `sent`. */
export function vocabulary<Ours extends string>(
  words: Partial<Record<Ours, readonly (string | number)[]>>,
): (theirs: unknown) => Ours | undefined {
  const ours = new Map<string, Ours>();
  for (const [word, all] of Object.entries(words) as [Ours, readonly (string | number)[]][]) {
    for (const theirs of all) ours.set(String(theirs), word);
  }
  return (theirs) =>
    typeof theirs === 'string' || typeof theirs === 'number' ? ours.get(String(theirs)) : undefined;
}

/** A reason as a refused call names it; what only receipts tell apart is about the message. */
export function asRejectReason(reason: FailureReason): RejectReason {
  return rejectReasons.find((one) => one === reason) ?? 'refused';
}

/** A reason as a receipt names it; what only calls tell apart is this gateway's matter. */
export function asUndeliveredReason(reason: FailureReason): UndeliveredReason {
  return undeliveredReasons.find((one) => one === reason) ?? 'unavailable';
}
