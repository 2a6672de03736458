/**
 * Follow-up: the next gateway or channel for a code that did not arrive, or was not typed in time. Who decides which
 * one looks at the slot first (`deliveries/follow-plan.ts`); `followAt` and the last delivery are the fence: another
 * instance's follow-up moves the one, a send that somebody asked for the other, and then this changes nothing.
 */
import type { Actor } from '../../../../access/principal';
import type { Slot, VerificationRecord } from '../../slot';
import type { Decision } from '../decision';
import { effect, eventOf, isBacklogged, MAX_DELIVERIES, remembered } from '../effect';
import { hasTimeToSend, isLive } from '../life';
import { lockAt, lockRulesOf } from '../lock';
import { leasedDelivery, withDelivery, type LeaseTerms, type NewDelivery } from '../new-delivery';
import { sendWindow } from '../send-window';

export interface FollowUpCommand extends LeaseTerms {
  readonly op: string;
  readonly actor: Actor;
  readonly verificationId: string;
  /** As it was read; null matches nothing. */
  readonly followAt: Date | null;
  /** The last delivery as it was read; null matches nothing. */
  readonly lastDeliveryId: string | null;
  /** Null: nothing is to be tried now. */
  readonly delivery: NewDelivery | null;
  /** When to look again, without a delivery; null: never. */
  readonly again: Date | null;
  /** Index of the channel in the plan; null for a verification without one. */
  readonly step: number | null;
  /** `failover`: another gateway; `fallback`: another channel. */
  readonly via: 'failover' | 'fallback';
}

/**
 * - `moved_on`: the verification is not as it was read any more; nothing changes.
 * - `nothing`: nothing is sent; only `followAt` changes.
 */
export type FollowUpOutcome = { readonly kind: 'followed' | 'moved_on' | 'nothing' };

/**
 * One budget for all: a follow-up is a send and is charged like one, but waits for no cool-down, which is there to
 * slow people down.
 */
export function followUp(slot: Slot | null, command: FollowUpCommand, now: Date): Decision<FollowUpOutcome> {
  if (!slot) return { outcome: { kind: 'moved_on' } };
  if (remembered(slot, command.op)) return { outcome: { kind: 'followed' } };
  if (!isAsRead(slot.current, command)) return { outcome: { kind: 'moved_on' } };
  const { delivery } = command;
  if (delivery && maySend(slot, now))
    return { outcome: { kind: 'followed' }, next: followed(slot, delivery, command, now), relies: 'alive' };
  return {
    outcome: { kind: 'nothing' },
    next: { ...slot, current: looksAgain(slot.current, command.again) },
  };
}

function isAsRead(current: VerificationRecord, command: FollowUpCommand): boolean {
  const { verificationId, followAt, lastDeliveryId } = command;
  return (
    current.id === verificationId &&
    current.status === 'pending' &&
    followAt !== null &&
    current.followAt?.getTime() === followAt.getTime() &&
    current.deliveries.at(-1)?.id === lastDeliveryId
  );
}

/** There is life, room, and nothing that forbids it. */
function maySend(slot: Slot, now: Date): boolean {
  const { current, sends } = slot;
  const rules = current.policy.sends;
  return (
    isLive(current, now) &&
    hasTimeToSend(current, now) &&
    sendWindow(sends, rules, now).inWindow.length < rules.sendsMax &&
    current.deliveries.length < MAX_DELIVERIES &&
    !lockAt(slot, now, { isKnownDevice: current.knownDevice, rules: lockRulesOf(current.policy) }) &&
    !isBacklogged(slot, now)
  );
}

function followed(slot: Slot, delivery: NewDelivery, command: FollowUpCommand, now: Date): Slot {
  const { current, sends } = slot;
  const { op, actor, step, via } = command;
  const sent = withDelivery(looksAgain(current, null), leasedDelivery(delivery, command, now));
  return effect(
    slot,
    {
      current: step === null ? sent : atStep(sent, step, now),
      sends: [...sendWindow(sends, current.policy.sends, now).inWindow, now],
    },
    {
      now,
      operation: { op, outcome: 'followed' },
      events: [eventOf(current, { type: 'failed_over', at: now, actor, data: { via } })],
    },
  );
}

function looksAgain(record: VerificationRecord, again: Date | null): VerificationRecord {
  const { followAt: _, followUp: __, ...rest } = record;
  return again ? { ...rest, followAt: again } : rest;
}

/** At this step of the plan from now on: the wait begins, if another one follows. */
function atStep(record: VerificationRecord, step: number, now: Date): VerificationRecord {
  const { plan } = record;
  if (!plan) return record;
  const waitMs = step + 1 < plan.steps.length ? plan.steps[step]?.waitMs : undefined;
  return {
    ...record,
    plan: { ...plan, step },
    ...(waitMs === undefined ? {} : { followAt: new Date(now.getTime() + waitMs) }),
  };
}
