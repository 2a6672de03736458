/** Release: a process that will not send ends its lease now, so that another instance need not wait for it. */
import type { Slot } from '../../slot';
import type { Decision } from '../decision';
import { isLeasedTo, placeOf, recordSet, withChanged, type DeliveryTarget, type LeaseHolder } from './place';

export interface ReleaseCommand extends DeliveryTarget, LeaseHolder {
  /** No gateway was called under this lease. */
  readonly unused: boolean;
}

/** `nothing`: the delivery is not leased to the sender any more, or only its lease's end was left of it. */
export type ReleaseOutcome = { readonly kind: 'released' | 'nothing' };

export function release(slot: Slot | null, command: ReleaseCommand, now: Date): Decision<ReleaseOutcome> {
  const place = placeOf(slot, command);
  const lease = place?.delivery.lease;
  const holds = place?.isCurrent && isLeasedTo(place.delivery, command);
  if (!holds || !lease || lease.until <= now) return { outcome: { kind: 'nothing' } };
  const record = withChanged(place.record, {
    ...place.delivery,
    lease: { ...lease, until: now, ...(command.unused ? { unused: true } : {}) },
  });
  return { outcome: { kind: 'released' }, next: { ...place.slot, ...recordSet(place, record) } };
}
