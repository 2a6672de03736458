/**
 * Result: what the gateways said. Its lease ends with it, so a repeat finds none and changes nothing. A result for a
 * past verification updates its delivery; it never changes a status.
 *
 * Receipts may have come first. Then what they told and what the result brings become one, as if the result had been
 * there before them.
 */
import type { Actor } from '../../../../access/principal';
import type { DeliveryRecord, Slot, SlotEvent } from '../../slot';
import type { Decision } from '../decision';
import { effect, eventOf } from '../effect';
import { afterResult, answeredState, becameFinal, type DeliveryResult } from './delivery-state';
import { followedSoon, hasNextStep, isToBeFollowed } from './next-try';
import { settled, type Settled } from './settlement';
import {
  finalEvent,
  isLeasedTo,
  nextVersion,
  placeOf,
  recordSet,
  withChanged,
  type DeliveryTarget,
  type LeaseHolder,
  type Place,
} from './place';

export interface ResultCommand extends DeliveryTarget, LeaseHolder, DeliveryResult {
  readonly actor: Actor;
  /** How long after its send an undelivered delivery makes another one follow; 0: never. */
  readonly withinMs: number;
}

/** `nothing`: the delivery is not leased to the sender any more. */
export interface ResultOutcome extends Settled {
  readonly kind: 'recorded' | 'nothing';
}

/** Sends that one verification may get back for definite rejections. */
const MAX_REFUNDS = 3;

export function result(slot: Slot | null, command: ResultCommand, now: Date): Decision<ResultOutcome> {
  const place = placeOf(slot, command);
  if (!place || !isLeasedTo(place.delivery, command)) return { outcome: { kind: 'nothing' } };
  const after = afterResult(place.delivery, command, now);
  const events = eventsOf(place, after, command, now);
  const answered = nextVersion(withChanged(place.record, after), events.length, now);
  const isRefunded = isToBeRefunded(place, after);
  const refunded = isRefunded ? { ...answered, refunds: answered.refunds + 1 } : answered;
  const record = goesOn(place, after, command, now) ? followedSoon(refunded, after, now) : refunded;
  const sends = isRefunded ? givenBack(place) : place.slot.sends;
  const next = effect(place.slot, { ...recordSet(place, record), sends }, { now, events });
  return { outcome: { kind: 'recorded', ...settled(place.delivery, after) }, next };
}

/** What the gateways said, and the final state if receipts had told of it before. */
function eventsOf(
  { record, delivery }: Place,
  after: DeliveryRecord,
  { actor, result: { state, provider, errorCode }, attempts }: ResultCommand,
  now: Date,
): SlotEvent[] {
  const decisive = attempts.findLast((one) => one.provider === provider && one.outcome === state);
  const vendorCode = decisive?.vendorCode ?? null;
  const answered = eventOf(record, {
    type: state === 'accepted' ? 'sent' : 'send_failed',
    at: now,
    actor,
    data: { deliveryId: delivery.id, state: answeredState(delivery, state), provider, errorCode, vendorCode },
  });
  const type = becameFinal(delivery, after);
  return type ? [answered, finalEvent(record, after, { type, at: now, actor, offset: 2 })] : [answered];
}

/** A delivery that every gateway refused gives its send and cool-down back, a few times per verification. */
function isToBeRefunded({ record, isCurrent }: Place, { state }: DeliveryRecord): boolean {
  return isCurrent && state === 'rejected' && record.refunds < MAX_REFUNDS;
}

/** The sends without the one that this delivery was charged. */
function givenBack({ slot: { sends }, delivery }: Place): readonly Date[] {
  const charged = sends.findIndex((at) => at.getTime() === delivery.at.getTime());
  return charged < 0 ? sends : sends.toSpliced(charged, 1);
}

/** When no gateway took it the next channel need not wait. */
function goesOn(place: Place, after: DeliveryRecord, { withinMs }: ResultCommand, now: Date): boolean {
  if (after.state === 'rejected') return place.isCurrent && hasNextStep(place.record);
  const isLost = becameFinal(place.delivery, after) === 'undelivered';
  return isLost && isToBeFollowed(place, after, withinMs, now);
}
