/** Claim: a delivery whose lease ran out is attempted again, or given up. */
import type { Actor } from '../../../../access/principal';
import type { Lease, Slot } from '../../slot';
import type { Decision } from '../decision';
import { effect, eventOf, remembered } from '../effect';
import { hasTimeToSend, isLive } from '../life';
import type { LeaseTerms } from '../new-delivery';
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
}

/**
 * - `abandoned`: the verification has ended, too little of its life is left, or too many have tried.
 * - `on_its_way`: a receipt told of it, so it was sent; only the lease goes.
 * - `nothing`: its lease has not run out, or it has none.
 */
export type ClaimOutcome = { readonly kind: 'claimed' | 'abandoned' | 'on_its_way' | 'nothing' };

/**
 * Owners that a delivery may have one after the other. A process that dies of every gateway answer would otherwise
 * text the same code every half minute, for as long as it lives.
 */
const MAX_OWNERS = 10;

export function claim(slot: Slot | null, command: ClaimCommand, now: Date): Decision<ClaimOutcome> {
  const done = slot && remembered(slot, command.op);
  if (done) return { outcome: { kind: done.outcome === 'claimed' ? 'claimed' : 'abandoned' } };
  const place = placeOf(slot, command);
  const lease = place?.delivery.lease;
  if (!place || !lease || lease.until > now) return { outcome: { kind: 'nothing' } };
  if (place.delivery.state !== 'sending')
    return { outcome: { kind: 'on_its_way' }, next: leftToReceipts(place, command, now) };
  if (!mayTryAgain(place, lease, now))
    return { outcome: { kind: 'abandoned' }, next: abandoned(place, command, now) };
  return { outcome: { kind: 'claimed' }, next: claimed(place, lease, command, now), relies: 'alive' };
}

function mayTryAgain({ record, isCurrent }: Place, { n }: Lease, now: Date): boolean {
  return isCurrent && isLive(record, now) && hasTimeToSend(record, now) && n < MAX_OWNERS;
}

function claimed(place: Place, { n }: Lease, command: ClaimCommand, now: Date): Slot {
  const { op, leaseOwner, leaseMs } = command;
  const lease = { owner: leaseOwner, n: n + 1, until: new Date(now.getTime() + leaseMs) };
  const record = withChanged(place.record, { ...place.delivery, lease });
  return effect(place.slot, recordSet(place, record), { now, operation: { op, outcome: 'claimed' } });
}

function abandoned(place: Place, { op, actor }: ClaimCommand, now: Date): Slot {
  const { lease: _, ...left } = place.delivery;
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
