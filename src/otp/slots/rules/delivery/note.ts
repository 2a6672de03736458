/**
 * Note: what the gateways said so far, while others are still to be asked. Written once an outcome is open and before
 * the next call, so that whoever takes the delivery over knows which gateways may have taken the text, and how many
 * calls are left. A repeat writes nothing twice: the lease counts what its owner has written.
 */
import type { AttemptRecord, Slot } from '../../slot';
import type { Decision } from '../decision';
import { attemptsWritten, unnoted } from './delivery-state';
import { settled, type Settled } from './settlement';
import { isLeasedTo, placeOf, recordSet, withChanged, type DeliveryTarget, type LeaseHolder } from './place';

export interface NoteCommand extends DeliveryTarget, LeaseHolder {
  /** All of this owner, in order. */
  readonly attempts: readonly AttemptRecord[];
}

/** `nothing`: the delivery is not leased to the sender any more, who must not call anybody. */
export interface NoteOutcome extends Settled {
  readonly kind: 'noted' | 'nothing';
}

export function note(slot: Slot | null, command: NoteCommand): Decision<NoteOutcome> {
  const place = placeOf(slot, command);
  if (!place?.delivery.lease || !isLeasedTo(place.delivery, command)) return { outcome: { kind: 'nothing' } };
  const { delivery } = place;
  const left = unnoted(delivery, command.attempts);
  if (left.length === 0) return { outcome: { kind: 'noted' } };
  const after = {
    ...delivery,
    lease: { ...place.delivery.lease, noted: command.attempts.length },
    attempts: attemptsWritten(delivery, left),
  };
  const next = { ...place.slot, ...recordSet(place, withChanged(place.record, after)) };
  return { outcome: { kind: 'noted', ...settled(delivery, after) }, next };
}
