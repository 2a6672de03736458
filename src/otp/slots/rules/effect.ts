/** What every change of a slot has in common: it is remembered, leaves events, and calls off the deletion. */
import type { AuditEventType } from '../../../audit/audit-event';
import type { ClientCommand } from './decision';
import type { Slot, SlotEvent, SlotOperation, VerificationRecord } from '../slot';

/** A repeat without idempotency key comes within the life of its call, which is 10 s. */
const KEEP_UNKEYED_MS = 60_000;
/** As long as an idempotency record may ask for the outcome of its operation. */
const KEEP_KEYED_MS = 24 * 3_600_000;
/** Operations that a slot remembers before it takes no new work: none that may still be asked for is dropped. */
const MAX_OPS = 512;
/** A slot whose events were not relayed for so long takes no new work (checks pass; they are few per verification). */
const MAX_WAITING_EVENTS = 200;
/** One verification carries at most this many deliveries, whatever its policy: keeps the document small. */
export const MAX_DELIVERIES = 100;

interface Effect {
  readonly now: Date;
  /** Absent for work that is idempotent by the state itself. */
  readonly operation?: Omit<SlotOperation, 'at'>;
  readonly events?: readonly SlotEvent[];
}

/** The slot after an operation that took effect. */
export function effect(slot: Slot, changes: Partial<Slot>, { now, operation, events = [] }: Effect): Slot {
  const { purgeAt: _, ...rest } = slot;
  return {
    ...rest,
    ...changes,
    ops: operation ? [...stillAskedFor(slot.ops, now), { ...operation, at: now }] : slot.ops,
    outbox: events.length > 0 ? [...slot.outbox, ...events] : slot.outbox,
  };
}

/** How the slot remembers a client's operation. */
export function operationOf({ op, keyed }: ClientCommand, outcome: string): Omit<SlotOperation, 'at'> {
  return { op, outcome, ...(keyed ? { keyed } : {}) };
}

/** The operation if it took effect before: the first thing that a rule looks at. */
export function remembered(slot: Slot, op: string): SlotOperation | undefined {
  return slot.ops.find((one) => one.op === op);
}

export function stillAskedFor(ops: readonly SlotOperation[], now: Date): readonly SlotOperation[] {
  const age = ({ at }: SlotOperation): number => now.getTime() - at.getTime();
  const kept = ops.filter((one) => age(one) < (one.keyed ? KEEP_KEYED_MS : KEEP_UNKEYED_MS));
  return kept.length === ops.length ? ops : kept;
}

/** Too much waits to be stored elsewhere, or may still be asked for. */
export function isBacklogged(slot: Slot, now: Date): boolean {
  return slot.outbox.length > MAX_WAITING_EVENTS || stillAskedFor(slot.ops, now).length >= MAX_OPS;
}

/** One audit event of a verification. `seq` counts on from the verification's own. */
export function eventOf(
  record: Pick<VerificationRecord, 'id' | 'masked' | 'seq'>,
  fields: {
    readonly type: AuditEventType;
    readonly at: Date;
    readonly actor: SlotEvent['actor'];
    /** How many after `record.seq`; default 1. */
    readonly offset?: number;
    readonly data?: SlotEvent['data'];
  },
): SlotEvent {
  const { type, at, actor, offset = 1, data = {} } = fields;
  return { type, verificationId: record.id, seq: record.seq + offset, at, actor, to: record.masked, data };
}
