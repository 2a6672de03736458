/**
 * Acknowledge: what a slot wanted to have stored elsewhere is stored, so the slot lets go of it. Exactly what is named
 * goes: an acknowledgement that comes late, twice, or beside another one takes nothing away that came in between.
 */
import type { Decision } from '../decision';
import { stillAskedFor } from '../effect';
import { isLockedForGood } from '../lock';
import { isTombstone, type PastRecord, type Slot, type Tombstone, type VerificationRecord } from '../../slot';

/**
 * Tombstones that a slot keeps. One verification a second could be started on one number (sends 100 in 60 s), 86,400
 * in the 24 hours that a tombstone lives. The document must stay small, because every operation reads and writes it.
 * Beyond this the oldest are dropped; their ids then answer as the read model knows them.
 */
const MAX_TOMBSTONES = 200;
/** A slot that nobody uses any more is deleted after this. */
const PURGE_AFTER_MS = 30 * 24 * 3_600_000;
/** How long after its lease a delivery's result may still arrive in the slot. */
const RESULT_GRACE_MS = 60_000;

export interface Acknowledgement {
  /** Events that every sink has. */
  readonly events: readonly { readonly verificationId: string; readonly seq: number }[];
  /** Verifications that every sink has at this version. */
  readonly copied: readonly { readonly id: string; readonly seq: number; readonly rev: number }[];
  /** Tombstones that may go before their time: {@link surplusTombstones} of the slot that was read. */
  readonly dropped: readonly string[];
}

export type AcknowledgeOutcome = { readonly kind: 'acknowledged' | 'nothing' };

export function acknowledge(
  slot: Slot | null,
  command: Acknowledgement,
  now: Date,
): Decision<AcknowledgeOutcome> {
  if (!slot) return { outcome: { kind: 'nothing' } };
  const next = withPurge(withoutStored(slot, command, now), now);
  return next === slot ? { outcome: { kind: 'nothing' } } : { outcome: { kind: 'acknowledged' }, next };
}

/** The oldest tombstones, as many as there are beyond the bound. */
export function surplusTombstones(past: readonly PastRecord[]): string[] {
  const tombstones = past.filter(isTombstone);
  return tombstones.slice(0, Math.max(0, tombstones.length - MAX_TOMBSTONES)).map(({ id }) => id);
}

/** What follows from the records that a slot holds, and from the time. */
export function pruned(slot: Slot, now: Date): Slot {
  const ids = [...slot.past, slot.current].map(({ id }) => id);
  const isSame = ids.length === slot.ids.length && ids.every((id, index) => id === slot.ids[index]);
  return { ...slot, ids: isSame ? slot.ids : ids, ops: stillAskedFor(slot.ops, now) };
}

/** The same slot when nothing of what is named is there. */
function withoutStored(slot: Slot, command: Acknowledgement, now: Date): Slot {
  const isStored = (one: { verificationId: string; seq: number }): boolean =>
    command.events.some(
      ({ verificationId, seq }) => verificationId === one.verificationId && seq === one.seq,
    );
  const outbox = filtered(slot.outbox, (event) => !isStored(event));
  const current = withoutMark(slot.current, command);
  const dropped = new Set(command.dropped);
  const past = mapped(
    filtered(slot.past, (record) => !isTombstone(record) || !dropped.has(record.id)),
    (record) => pastAfter(record, command, now),
  );
  if (outbox === slot.outbox && current === slot.current && past === slot.past) return slot;
  return pruned({ ...slot, outbox, current, past }, now);
}

function isCopied({ id, seq, rev = 0 }: VerificationRecord, { copied }: Acknowledgement): boolean {
  return copied.some((one) => one.id === id && one.seq === seq && one.rev === rev);
}

function withoutMark(record: VerificationRecord, command: Acknowledgement): VerificationRecord {
  if (!record.uncopiedAt || !isCopied(record, command)) return record;
  const { uncopiedAt: _, ...rest } = record;
  return rest;
}

function pastAfter(record: PastRecord, command: Acknowledgement, now: Date): PastRecord {
  if (isTombstone(record) || !isCopied(record, command)) return record;
  return awaitsResult(record, now) ? withoutMark(record, command) : tombstoneOf(record, now);
}

/** Its sender may still report: the record stays whole, or the result would have no place to go. */
function awaitsResult({ deliveries }: VerificationRecord, now: Date): boolean {
  return deliveries.some(({ lease }) => lease && lease.until.getTime() + RESULT_GRACE_MS > now.getTime());
}

function tombstoneOf({ id, status, endedAt }: VerificationRecord, now: Date): Tombstone {
  return { id, status, endedAt: endedAt ?? now, tombstone: true };
}

/**
 * The date counts from the first acknowledgement after the last activity: every effective operation removes it. If it
 * is there, it stays, unless a clock that was ahead wrote it. A code that is still out there counts as activity until it
 * expires: it may live as long as a slot without any.
 */
function withPurge(slot: Slot, now: Date): Slot {
  const { purgeAt, ...rest } = slot;
  if (!isAtRest(slot)) return purgeAt ? rest : slot;
  const { current } = slot;
  const restsFrom =
    current.status === 'pending' ? Math.max(now.getTime(), current.expiresAt.getTime()) : now.getTime();
  const at = new Date(restsFrom + PURGE_AFTER_MS);
  return purgeAt && purgeAt <= at ? slot : { ...slot, purgeAt: at };
}

/** Nothing waits, and the recipient is not locked for good. */
function isAtRest(slot: Slot): boolean {
  const { outbox, current, past } = slot;
  return outbox.length === 0 && !current.uncopiedAt && past.every(isTombstone) && !isLockedForGood(slot);
}

/** As `filter`, but the same array when everything stays: the writer sets what is not the same. */
function filtered<T>(items: readonly T[], keep: (item: T) => boolean): readonly T[] {
  return items.every(keep) ? items : items.filter(keep);
}

function mapped<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}
