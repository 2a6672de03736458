/**
 * What every rule gives: `(slot | null, command, now) → Decision`. Rules are pure: no I/O, no clock, no database words.
 * `now` is the database's time. A rule never changes the slot it is given; unchanged parts keep their identity, and
 * the writer sets only what differs.
 */
import type { VerificationStatus, Slot } from '../slot';

export interface Decision<Outcome> {
  readonly outcome: Outcome;
  /** The slot afterwards; absent: nothing changes. Its `v` and `dueAt` are the writer's business. */
  readonly next?: Slot;
  /**
   * What the decision takes for granted about the life of the current verification, so that the database's clock has
   * the last word when it is a close thing.
   */
  readonly relies?: 'alive' | 'lapsed';
}

export type EndedStatus = Exclude<VerificationStatus, 'pending'>;

/** Why a call of a client changes nothing. Rule and reason are the same branch. */
export type Refusal =
  | { readonly kind: 'not_found' }
  | { readonly kind: 'ended'; readonly status: EndedStatus }
  | { readonly kind: 'pending'; readonly verificationId: string }
  | { readonly kind: 'locked'; readonly until: Date | null }
  | { readonly kind: 'too_soon'; readonly until: Date }
  | { readonly kind: 'send_limit'; readonly until: Date; readonly verificationId: string | null }
  | { readonly kind: 'unknown_key' }
  | { readonly kind: 'backlogged' };

/** Who calls, and under which name the call is remembered. */
export interface ClientCommand {
  readonly applicationId: string;
  readonly actor: `key:${string}`;
  readonly op: string;
  /** The call came with an idempotency key. */
  readonly keyed: boolean;
}
