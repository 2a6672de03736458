/** Create: start a verification, join the pending one, or say why neither. */
import type { ClientCommand, Decision, Refusal } from './decision';
import { effect, eventOf, operationOf, remembered } from './effect';
import { onHealed } from './heal';
import { ended, isLive, msLeft } from './life';
import { isKnown } from './known-devices';
import { lockAt, lockRulesOf } from './lock';
import { leasedDelivery, withDelivery, type LeaseTerms, type NewDelivery } from './new-delivery';
import { sendWindow, whyNoSend, type SendWindow } from './send-window';
import type { WhenPending } from '../../policy/policy';
import type { Slot, SlotEvent, VerificationRecord } from '../slot';

/** A verification as a create brings it; its times come with the write. */
export type NewVerification = Pick<
  VerificationRecord,
  'id' | 'kid' | 'policy' | 'country' | 'channel' | 'masked' | 'transactionDigest' | 'personal'
> & {
  readonly mac: Buffer;
  readonly sealed: Buffer;
  /** Channels in order. */
  readonly steps?: NonNullable<VerificationRecord['plan']>['steps'];
};

export interface CreateCommand extends ClientCommand, LeaseTerms {
  readonly slot: Pick<Slot, '_id' | 'key' | 'applicationId' | 'purpose' | 'recipient'>;
  readonly record: NewVerification;
  readonly delivery: NewDelivery;
  readonly whenPending: WhenPending;
  /** As {@link Slot.devices} has it; absent: the caller did not say. */
  readonly device?: string | undefined;
  /** What the risk checks said, in vocabulary; absent: none was asked. */
  readonly risk?: string | undefined;
}

export type CreateOutcome =
  | { readonly kind: 'started' | 'joined'; readonly verificationId: string }
  /** The pending verification serves, and its last message is too recent for another one. */
  | { readonly kind: 'joined_quietly'; readonly verificationId: string }
  /** Another verification of this slot has this id: draw again. */
  | { readonly kind: 'id_taken' }
  /** Another recipient has this slot's `_id` (4·10^-7 at 10^9 slots): refused, never mixed. */
  | { readonly kind: 'slot_taken' }
  | Refusal;

/** A pending verification is joined only with this much of its life left: less would not reach a person in time. */
const JOIN_MS = 60_000;
const JOIN_TTL_SHARE = 5;

export function create(slot: Slot | null, command: CreateCommand, now: Date): Decision<CreateOutcome> {
  if (!slot) return start(emptySlot(command), null, [now], command, now);
  if (slot.key !== command.slot.key) return { outcome: { kind: 'slot_taken' } };
  const done = remembered(slot, command.op);
  if (done) return { outcome: doneBefore(done.outcome, done.verificationId ?? slot.current.id) };
  if (slot.ids.includes(command.record.id)) return { outcome: { kind: 'id_taken' } };
  return onHealed(slot, now, (healed) => createOn(healed, command, now));
}

function doneBefore(outcome: string, verificationId: string): CreateOutcome {
  return { kind: outcome === 'joined' ? 'joined' : 'started', verificationId };
}

/** In the order of the answers: pending by policy, locked, then the limits of sends. */
function createOn(slot: Slot, command: CreateCommand, now: Date): Decision<CreateOutcome> {
  const live = isLive(slot.current, now) ? slot.current : null;
  const refusal = whyNoStart(slot, live, command, now);
  if (refusal) return { outcome: refusal };
  const joined = live && mayJoin(live, command, now) ? live : null;
  const window = sendWindow(slot.sends, command.record.policy.sends, now);
  const limit = whyNoSend(slot, { window, pendingId: live ? live.id : null, joined }, now);
  if (limit) return { outcome: joined && limit.kind === 'too_soon' ? quietly(joined) : limit };
  return joined ? join(slot, joined, window, command, now) : replace(slot, live, window, command, now);
}

const quietly = ({ id }: VerificationRecord): CreateOutcome => ({
  kind: 'joined_quietly',
  verificationId: id,
});

function whyNoStart(
  slot: Slot,
  live: VerificationRecord | null,
  { whenPending, device, record }: CreateCommand,
  now: Date,
): Refusal | null {
  if (live && whenPending === 'reject') return { kind: 'pending', verificationId: live.id };
  const rules = lockRulesOf(record.policy);
  const lock = lockAt(slot, now, { isKnownDevice: isKnown(slot, device), rules });
  return lock && { kind: 'locked', until: lock.until };
}

function mayJoin(live: VerificationRecord, { whenPending, record }: CreateCommand, now: Date): boolean {
  return (
    whenPending === 'resend' &&
    isSameDigest(live.transactionDigest, record.transactionDigest) &&
    msLeft(live, now) >= Math.min(JOIN_MS, live.policy.ttlMs / JOIN_TTL_SHARE)
  );
}

function isSameDigest(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

/** The same code once more. What it means for the channels to follow is decided when their time comes. */
function join(
  slot: Slot,
  live: VerificationRecord,
  { inWindow }: SendWindow,
  command: CreateCommand,
  now: Date,
): Decision<CreateOutcome> {
  const { actor } = command;
  const sending = withDelivery(live, leasedDelivery(command.delivery, command, now));
  const current = isKnown(slot, command.device) ? { ...sending, knownDevice: true as const } : sending;
  const next = effect(
    slot,
    { current, sends: [...inWindow, now] },
    {
      now,
      operation: { ...operationOf(command, 'joined'), verificationId: live.id },
      events: [
        eventOf(live, { type: 'joined', at: now, actor, data: { via: 'create', ...riskIn(command) } }),
      ],
    },
  );
  return { outcome: { kind: 'joined', verificationId: live.id }, next, relies: 'alive' };
}

/** A new verification in the place of one that has ended, has expired, or is replaced by policy. */
function replace(
  slot: Slot,
  live: VerificationRecord | null,
  { inWindow }: SendWindow,
  command: CreateCommand,
  now: Date,
): Decision<CreateOutcome> {
  const { current } = slot;
  const sends = [...inWindow, now];
  if (current.status !== 'pending')
    return start({ ...slot, past: [...slot.past, current] }, null, sends, command, now);
  const status = live ? 'superseded' : 'expired';
  const at = live ? now : current.expiresAt;
  const retired = ended(current, status, at, current.seq + 1);
  const event = eventOf(current, { type: status, at, actor: command.actor });
  const decision = start({ ...slot, past: [...slot.past, retired] }, event, sends, command, now);
  return { ...decision, relies: live ? 'alive' : 'lapsed' };
}

function start(
  slot: Slot,
  before: SlotEvent | null,
  sends: readonly Date[],
  command: CreateCommand,
  now: Date,
): Decision<CreateOutcome> {
  const { actor } = command;
  const record = startedRecord(command, now);
  const current = isKnown(slot, command.device) ? { ...record, knownDevice: true as const } : record;
  const { id, country, channel } = current;
  const created = eventOf(current, {
    type: 'created',
    at: now,
    actor,
    offset: 0,
    data: { country, channel, ...(current.policy.test ? { test: true } : {}), ...riskIn(command) },
  });
  const next = effect(
    slot,
    { current, ids: [...slot.ids, id], past: slot.past, sends },
    {
      now,
      operation: { ...operationOf(command, 'started'), verificationId: id },
      events: before ? [before, created] : [created],
    },
  );
  return { outcome: { kind: 'started', verificationId: id }, next };
}

const riskIn = ({ risk }: CreateCommand): SlotEvent['data'] => (risk === undefined ? {} : { risk });

/** Field by field, as everywhere on this path: an object that is spread into a larger one costs 7–9 µs. */
function startedRecord(
  { record, delivery, leaseOwner, leaseMs }: CreateCommand,
  now: Date,
): VerificationRecord {
  const started: VerificationRecord = {
    id: record.id,
    status: 'pending',
    mac: record.mac,
    sealed: record.sealed,
    kid: record.kid,
    policy: record.policy,
    checksUsed: 0,
    createdAt: now,
    expiresAt: new Date(now.getTime() + record.policy.ttlMs),
    endedAt: null,
    country: record.country,
    channel: record.channel,
    masked: record.masked,
    transactionDigest: record.transactionDigest,
    personal: record.personal,
    deliveries: [leasedDelivery(delivery, { leaseOwner, leaseMs }, now)],
    refunds: 0,
    seq: 1,
  };
  const { steps } = record;
  // Only where there is something to follow: the usual verification stays small.
  if (!steps?.[0] || steps.length < 2) return started;
  const followAt = new Date(now.getTime() + steps[0].waitMs);
  return { ...started, plan: { steps, step: 0 }, followAt };
}

function emptySlot({ slot, record }: CreateCommand): Slot {
  return {
    _id: slot._id,
    key: slot.key,
    applicationId: slot.applicationId,
    purpose: slot.purpose,
    recipient: slot.recipient,
    v: 0,
    ids: [],
    // Set before anybody sees the slot.
    current: record as unknown as VerificationRecord,
    past: [],
    failures: 0,
    sends: [],
    ops: [],
    outbox: [],
  };
}
