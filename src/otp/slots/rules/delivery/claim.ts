/** Claim: a delivery whose lease ran out is attempted again, or given up. */
import type { Actor } from '../../../../access/principal';
import type { DeliveryRecord, Lease, Slot } from '../../slot';
import type { Decision } from '../decision';
import { effect, eventOf, remembered } from '../effect';
import { hasTimeToSend, isLive } from '../life';
import type { LeaseTerms } from '../new-delivery';
import { callsSpent } from './calls';
import { withoutLease } from './delivery-state';
import {
  nextVersion,
  placeOf,
  recordSet,
  reported,
  withChanged,
  type DeliveryTarget,
  type Place,
} from './place';

export interface ClaimCommand extends DeliveryTarget, LeaseTerms {
  readonly op: string;
  readonly actor: Actor;
  /** Gateway calls that the message may cost, over all its owners. */
  readonly maxCalls: number;
}

/**
 * - `abandoned`: the verification has ended, too little of its life is left, its calls are spent, or too many owners
 *   have tried.
 * - `on_its_way`: a receipt told of it, so it was sent; only the lease goes.
 * - `nothing`: its lease has not run out, or it has none.
 */
export type ClaimOutcome = { readonly kind: 'claimed' | 'abandoned' | 'on_its_way' | 'nothing' };

/** Owners that a delivery may have one after the other, should none of them get so far as to call a gateway. */
const MAX_OWNERS = 10;

export function claim(slot: Slot | null, command: ClaimCommand, now: Date): Decision<ClaimOutcome> {
  const done = slot && remembered(slot, command.op);
  if (done) return { outcome: { kind: done.outcome === 'claimed' ? 'claimed' : 'abandoned' } };
  const place = placeOf(slot, command);
  const lease = place?.delivery.lease;
  if (!place || !lease || lease.until > now) return { outcome: { kind: 'nothing' } };
  if (place.delivery.state !== 'sending')
    return { outcome: { kind: 'on_its_way' }, next: leftToReceipts(place, command, now) };
  const delivery = orphaned(place.delivery, lease);
  const owned = { ...delivery, lease };
  if (!mayTryAgain(place, owned, command, now))
    return { outcome: { kind: 'abandoned' }, next: abandoned(place, delivery, command, now) };
  return { outcome: { kind: 'claimed' }, next: claimed(place, owned, command, now), relies: 'alive' };
}

type Owned = DeliveryRecord & { readonly lease: Lease };

function mayTryAgain(
  { record, isCurrent }: Place,
  owned: Owned,
  { maxCalls }: ClaimCommand,
  now: Date,
): boolean {
  const isOfUse = isCurrent && isLive(record, now) && hasTimeToSend(record, now);
  return isOfUse && owned.lease.n < MAX_OWNERS && callsSpent(owned) < maxCalls;
}

/**
 * A delivery without its owner, who may have died between a call and the answer: that call counts. A process that dies
 * of every gateway answer would otherwise text the same code every half minute.
 */
function orphaned({ lease: _, ...left }: DeliveryRecord, { unused }: Lease): DeliveryRecord {
  return unused ? left : { ...left, lostCalls: (left.lostCalls ?? 0) + 1 };
}

function claimed(place: Place, delivery: Owned, command: ClaimCommand, now: Date): Slot {
  const { op, leaseOwner, leaseMs } = command;
  const until = new Date(now.getTime() + leaseMs);
  const lease = { owner: leaseOwner, n: delivery.lease.n + 1, until };
  const record = withChanged(place.record, { ...delivery, lease });
  return effect(place.slot, recordSet(place, record), { now, operation: { op, outcome: 'claimed' } });
}

function abandoned(place: Place, left: DeliveryRecord, { op, actor }: ClaimCommand, now: Date): Slot {
  const given = { state: 'unknown', errorCode: 'lease_expired' } as const;
  const record = nextVersion(withChanged(place.record, { ...left, ...given }), 1, now);
  const data = { deliveryId: left.id, provider: null, ...given };
  return effect(place.slot, recordSet(place, record), {
    now,
    operation: { op, outcome: 'abandoned' },
    events: [eventOf(place.record, { type: 'send_failed', at: now, actor, data })],
  });
}

/** With its lease, what waited for the result ends too: a failure that receipts told of. */
function leftToReceipts(place: Place, { actor }: ClaimCommand, now: Date): Slot {
  const { record, events } = reported(place, withoutLease(place.delivery, now), actor, now);
  return effect(place.slot, recordSet(place, record), { now, events });
}
