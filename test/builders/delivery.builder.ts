/** What happens to the delivery of {@link aSlot}: results and receipts, and the slot after each. */
import type { ClaimCommand } from '../../src/otp/slots/rules/delivery/claim';
import type { Money } from '../../src/common/money';
import type { ReceiptFact } from '../../src/otp/slots/rules/delivery/attempt';
import { receipt, type ReceiptCommand } from '../../src/otp/slots/rules/delivery/receipt';
import { result, type ResultCommand } from '../../src/otp/slots/rules/delivery/result';
import type { AttemptRecord, DeliveryRecord, Slot, VerificationRecord } from '../../src/otp/slots/slot';
import { anAttempt, aRecord, aSlot, at } from './slot-state.builder';

export const EUR = (micros: number): Money => ({ micros, currency: 'EUR' });

export function aFact(state: ReceiptFact['state'], overrides: Partial<ReceiptFact> = {}): ReceiptFact {
  const reason = state === 'undelivered' ? 'unreachable' : null;
  return { state, reason, reference: null, part: null, parts: null, price: null, ...overrides };
}

/** What the gateways said: the last acceptance decides, else the last attempt. */
export function aResult(
  attempts: readonly AttemptRecord[] = [anAttempt()],
  overrides: Partial<ResultCommand> = {},
): ResultCommand {
  const decisive =
    attempts.findLast(({ outcome }) => outcome === 'accepted') ?? attempts.at(-1) ?? anAttempt();
  const { provider, reference, reason: errorCode } = decisive;
  const state = decisive.outcome as ResultCommand['result']['state'];
  return {
    actor: 'job:delivery',
    verificationId: 'v1',
    deliveryId: 'd1',
    leaseOwner: 'me',
    leaseN: 1,
    result: { state, provider, reference, errorCode },
    attempts,
    withinMs: 120_000,
    ...overrides,
  };
}

/** Receipts of the gateway `acme`. */
export function aReceipt(
  receipts: readonly ReceiptFact[],
  overrides: Partial<ReceiptCommand> = {},
): ReceiptCommand {
  return {
    actor: 'job:receipt',
    verificationId: 'v1',
    deliveryId: 'd1',
    gateway: 'acme',
    proven: false,
    receipts,
    withinMs: 120_000,
    ...overrides,
  };
}

export function answered(slot: Slot, ms: number, ...command: Parameters<typeof aResult>): Slot {
  return result(slot, aResult(...command), at(ms)).next ?? slot;
}

export function told(slot: Slot, ms: number, ...command: Parameters<typeof aReceipt>): Slot {
  return receipt(slot, aReceipt(...command), at(ms)).next ?? slot;
}

/** A slot whose one delivery the gateways have answered about, at 10 ms. */
export function sentSlot(
  attempts: readonly AttemptRecord[] = [anAttempt()],
  record: Partial<VerificationRecord> = {},
): Slot {
  return answered(aSlot({ current: aRecord(record) }), 10, attempts);
}

export function firstDelivery({ current }: Slot): DeliveryRecord {
  const [first] = current.deliveries;
  if (!first) throw new Error('the slot has no delivery');
  return first;
}

/** `2 sent`: what the slot's outbox says, with the number of each event. */
/** Another instance takes the first delivery over. */
export function aClaim(overrides: Partial<ClaimCommand> = {}): ClaimCommand {
  return {
    op: 'c1',
    actor: 'job:redispatch',
    verificationId: 'v1',
    deliveryId: 'd1',
    leaseOwner: 'other',
    leaseMs: 30_000,
    maxCalls: 3,
    ...overrides,
  };
}

export const eventsOf = ({ outbox }: Slot): string[] => outbox.map(({ type, seq }) => `${seq} ${type}`);
