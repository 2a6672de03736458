/**
 * Erase: personal data of an ended verification and tombstones, once they were kept long enough. Whoever asks has
 * erased the copy in the read model before: the slot is what remembers that this has to be done.
 */
import { ERASE_AFTER_MS } from './due';
import { pruned } from './acknowledge';
import type { Decision } from '../decision';
import { isTombstone, type PastRecord, type Slot, type VerificationRecord } from '../../slot';

export interface EraseCommand {
  /** Whose copies in the read model hold no personal data any more. */
  readonly verificationIds: readonly string[];
}

export type EraseOutcome = { readonly kind: 'erased' | 'nothing' };

export function erase(slot: Slot | null, command: EraseCommand, now: Date): Decision<EraseOutcome> {
  if (!slot) return { outcome: { kind: 'nothing' } };
  const isErasable = (record: PastRecord): boolean =>
    command.verificationIds.includes(record.id) && isOver(record, now) && isRelayed(slot, record);
  const current = isErasable(slot.current) ? withoutPersonal(slot.current) : slot.current;
  const past = slot.past.filter((record) => !isTombstone(record) || !isErasable(record));
  if (current === slot.current && past.length === slot.past.length) return { outcome: { kind: 'nothing' } };
  const next = pruned({ ...slot, current, past: past.length === slot.past.length ? slot.past : past }, now);
  return { outcome: { kind: 'erased' }, next };
}

function isOver({ status, endedAt }: PastRecord, now: Date): boolean {
  return status !== 'pending' && endedAt !== null && now.getTime() >= endedAt.getTime() + ERASE_AFTER_MS;
}

/** What the read model does not have yet may be copied to it later, and would bring the personal data there again. */
function isRelayed({ outbox }: Slot, record: PastRecord): boolean {
  const isMarked = 'uncopiedAt' in record && record.uncopiedAt !== undefined;
  return !isMarked && outbox.every(({ verificationId }) => verificationId !== record.id);
}

function withoutPersonal(record: VerificationRecord): VerificationRecord {
  const isGone = record.personal === null && record.transactionDigest === null;
  return isGone ? record : { ...record, personal: null, transactionDigest: null };
}
