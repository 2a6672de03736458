/**
 * The slot and its three rules: `(slot | null, command, now) → outcome with next state`. Without `next` the
 * command is refused and nothing is written. No locks, joins, past verifications and events.
 */
import { timingSafeEqual } from 'node:crypto';

const TTL_MS = 600_000;
const LEASE_MS = 30_000;
const COOLDOWN_MS = 30_000;
const SEND_WINDOW_MS = 600_000;
const ERASE_AFTER_MS = 86_400_000;
const MAX_SENDS = 5;
const MAX_CHECKS = 5;
const MAX_IDS = 10;
const MAX_OPS = 64;

type Status = 'pending' | 'approved' | 'failed';

interface Delivery {
  readonly id: string;
  readonly state: 'sending' | 'accepted';
  readonly provider: string | null;
  readonly lease: { readonly owner: string; readonly n: number; readonly until: Date } | null;
  readonly attemptedAt: Date | null;
}

interface Verification {
  readonly id: string;
  readonly status: Status;
  readonly kid: string;
  /** Both go with the write that ends the verification. */
  readonly mac: Buffer | null;
  readonly sealed: Buffer | null;
  readonly personal: Buffer;
  readonly policy: { readonly maxChecks: number; readonly ttlMs: number };
  readonly checksUsed: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly deliveries: readonly Delivery[];
}

export interface Slot {
  readonly _id: string;
  readonly v: number;
  readonly ids: readonly string[];
  readonly current: Verification;
  readonly failures: number;
  readonly sends: readonly Date[];
  readonly ops: readonly { readonly op: string; readonly outcome: string; readonly at: Date }[];
  readonly dueAt: Date;
}

export interface Decision {
  readonly outcome: string;
  /** `v` is set by the commit. */
  readonly next?: Slot;
}

export type Rule = (slot: Slot | null, now: Date) => Decision;

export interface NewVerification {
  readonly op: string;
  readonly id: string;
  readonly mac: Buffer;
  readonly sealed: Buffer;
  readonly personal: Buffer;
  readonly deliveryId: string;
  readonly owner: string;
}

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
const isPending = ({ current }: Slot, now: Date): boolean =>
  current.status === 'pending' && now < current.expiresAt;
const remember = (ops: Slot['ops'], op: string, outcome: string, at: Date): Slot['ops'] => [
  ...ops.slice(1 - MAX_OPS),
  { op, outcome, at },
];

function newVerification(wanted: NewVerification, now: Date): Verification {
  const { id, mac, sealed, personal, deliveryId, owner } = wanted;
  const lease = { owner, n: 1, until: later(now, LEASE_MS) };
  return {
    id,
    status: 'pending',
    kid: 'k1',
    mac,
    sealed,
    personal,
    policy: { maxChecks: MAX_CHECKS, ttlMs: TTL_MS },
    checksUsed: 0,
    createdAt: now,
    expiresAt: later(now, TTL_MS),
    endedAt: null,
    deliveries: [{ id: deliveryId, state: 'sending', provider: null, lease, attemptedAt: null }],
  };
}

function refusalOfCreate(slot: Slot, now: Date): string | null {
  if (isPending(slot, now)) return 'pending';
  const sends = sendsInWindow(slot, now);
  if (sends.length >= MAX_SENDS) return 'send limit';
  return sends.some((at) => at > later(now, -COOLDOWN_MS)) ? 'too soon' : null;
}

const sendsInWindow = (slot: Slot, now: Date): Date[] =>
  slot.sends.filter((at) => at > later(now, -SEND_WINDOW_MS));

const nothing = (_id: string): Omit<Slot, 'current' | 'dueAt'> => ({
  _id,
  v: 0,
  ids: [],
  failures: 0,
  sends: [],
  ops: [],
});

export function create(slotId: string, wanted: NewVerification): Rule {
  return (slot, now) => {
    const refusal = slot && refusalOfCreate(slot, now);
    if (refusal) return { outcome: refusal };
    const old = slot ?? nothing(slotId);
    return {
      outcome: 'created',
      next: {
        ...old,
        ids: [...old.ids.slice(1 - MAX_IDS), wanted.id],
        current: newVerification(wanted, now),
        sends: [...(slot ? sendsInWindow(slot, now) : []), now],
        ops: remember(old.ops, wanted.op, 'created', now),
        dueAt: later(now, LEASE_MS),
      },
    };
  };
}

/** The state tells a repeat from the first time: a result needs no op id. */
export function recordAccepted(deliveryId: string, owner: string): Rule {
  return (slot, now) => {
    const mine = slot?.current.deliveries.find(
      ({ id, lease }) => id === deliveryId && lease?.owner === owner,
    );
    if (!slot || !mine) return { outcome: 'not mine' };
    const accepted: Delivery = {
      ...mine,
      state: 'accepted',
      provider: 'http',
      lease: null,
      attemptedAt: now,
    };
    const { current } = slot;
    const deliveries = current.deliveries.map((delivery) => (delivery === mine ? accepted : delivery));
    const dueAt = current.endedAt ? slot.dueAt : current.expiresAt;
    return { outcome: 'recorded', next: { ...slot, current: { ...current, deliveries }, dueAt } };
  };
}

const mayBeChecked = (slot: Slot, verificationId: string, now: Date): boolean =>
  slot.current.id === verificationId &&
  isPending(slot, now) &&
  slot.current.checksUsed < slot.current.policy.maxChecks;

export function check(op: string, verificationId: string, mac: Buffer): Rule {
  return (slot, now) => {
    if (!slot || !mayBeChecked(slot, verificationId, now)) return { outcome: 'refused' };
    const right = slot.current.mac !== null && timingSafeEqual(slot.current.mac, mac);
    const outcome = right ? 'right' : 'wrong';
    const checksUsed = slot.current.checksUsed + 1;
    const charged: Slot = {
      ...slot,
      current: { ...slot.current, checksUsed },
      failures: right ? 0 : slot.failures + 1,
      sends: right ? [] : slot.sends,
      ops: remember(slot.ops, op, outcome, now),
    };
    const ended = right || checksUsed === slot.current.policy.maxChecks;
    return { outcome, next: ended ? end(charged, right ? 'approved' : 'failed', now) : charged };
  };
}

function end(slot: Slot, status: Status, now: Date): Slot {
  const current = { ...slot.current, status, mac: null, sealed: null, endedAt: now };
  return { ...slot, current, dueAt: later(now, ERASE_AFTER_MS) };
}
