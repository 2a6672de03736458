/** Slots with a delivery on its way, and receipts about it, through the real pipelines inside the server. */
import { newId } from '../../src/common/ids';
import { resultPipeline, type ResultConstants } from '../../src/otp/slots/pipelines/delivery.pipeline';
import { claimPipeline } from '../../src/otp/slots/pipelines/lease.pipeline';
import type { Pipeline } from '../../src/otp/slots/pipelines/expressions';
import type { ReceiptFact } from '../../src/otp/slots/pipelines/receipt/attempt';
import {
  receiptPipeline,
  type ReceiptConstants,
} from '../../src/otp/slots/pipelines/receipt/receipt.pipeline';
import type { AttemptRecord, DeliveryRecord, SlotDocument } from '../../src/otp/slots/slot';
import { createConstants, createOn } from '../builders/slot.builder';
import type { TestMongo } from './mongo';
import { throughPipeline } from './pipeline-runner';

const T0 = Date.UTC(2026, 0, 1);
export const at = (ms: number): Date => new Date(T0 + ms);
export const EUR = (micros: number) => ({ micros, currency: 'EUR' });

export const fact = (state: ReceiptFact['state'], more: Partial<ReceiptFact> = {}): ReceiptFact => ({
  state,
  reason: state === 'undelivered' ? 'unreachable' : null,
  reference: null,
  part: null,
  parts: null,
  price: null,
  ...more,
});

export const attempt = (provider: string, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
  provider,
  outcome: 'accepted',
  reason: null,
  latencyMs: 5,
  reference: `${provider}-1`,
  parts: 1,
  estimate: null,
  price: null,
  ...more,
});

export class ReceiptWorld {
  constructor(private readonly test: TestMongo) {}

  run(slot: object, pipeline: Pipeline, constants: object): Promise<SlotDocument> {
    return throughPipeline<SlotDocument>(this.test.durableDb, slot, pipeline, constants);
  }

  /** A delivery that is being sent since `at(0)`, leased to `me`. */
  create(ask: Parameters<typeof createConstants>[0] = {}): Promise<SlotDocument> {
    const constants = createConstants({ maxChecks: 1, ...ask });
    return this.run({ _id: 'slot' }, ...createOn({ _id: 'slot' }, at(0), constants));
  }

  /** What the gateways said: the last acceptance decides, else the last attempt. */
  async answer(slot: SlotDocument, ms: number, attempts: AttemptRecord[]): Promise<SlotDocument> {
    const decisive = attempts.findLast((one) => one.outcome === 'accepted') ?? attempts.at(-1)!;
    const { provider, reference, reason: errorCode } = decisive;
    const result = { state: decisive.outcome, provider, reference, errorCode } as ResultConstants['result'];
    const lease = { leaseOwner: 'me', leaseN: 1, withinMs: 120_000 };
    const constants = { ...target(slot), ...lease, result, attempts };
    const answered = await this.run(slot, resultPipeline(at(ms)), constants);
    return first(answered).answered ? this.takeOver(answered, ms) : answered;
  }

  /** As the job does with a delivery that nobody holds. */
  takeOver(slot: SlotDocument, ms: number): Promise<SlotDocument> {
    const lease = { leaseOwner: 'other', leaseMs: 30_000 };
    return this.run(slot, claimPipeline(at(ms)), { ...target(slot), ...lease });
  }

  async sent(
    attempts = [attempt('acme')],
    ask: Parameters<typeof createConstants>[0] = {},
  ): Promise<SlotDocument> {
    return this.answer(await this.create(ask), 10, attempts);
  }

  /** Receipts of the gateway `acme` about the first delivery. */
  tell(
    slot: SlotDocument,
    ms: number,
    receipts: ReceiptFact[],
    more: Partial<ReceiptConstants> = {},
  ): Promise<SlotDocument> {
    const rules = { gateway: 'acme', proven: false, withinMs: 120_000 };
    return this.run(slot, receiptPipeline(at(ms)), { ...target(slot), ...rules, receipts, ...more });
  }
}

export const target = (slot: SlotDocument, record = slot.current) => ({
  op: newId(),
  actor: 'job:test' as const,
  verificationId: record.id,
  deliveryId: record.deliveries[0]!.id,
});
export const first = (slot: SlotDocument): DeliveryRecord => slot.current.deliveries[0]!;
export const events = (slot: SlotDocument): string[] =>
  slot.pendingAudit.map(({ type, seq }) => `${seq} ${type}`);
