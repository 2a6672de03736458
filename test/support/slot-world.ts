import type { mongo } from 'mongoose';
import { AuditInboxRepository } from '../../src/audit/audit-inbox.repository';
import { AuditLogRepository } from '../../src/audit/audit-log.repository';
import { AuditLogService } from '../../src/audit/audit-log.service';
import {
  AUDIT_EVENTS,
  AUDIT_INBOX,
  auditInboxSchema,
  auditLogSchema,
  type AuditLogDocument,
} from '../../src/audit/audit.schema';
import { newId } from '../../src/common/ids';
import { runUpdates } from '../../src/common/mongo/write-commands';
import { ChangedHoursRepository } from '../../src/otp/relay/read-model/changed-hours.repository';
import { CHANGED_HOURS, changedHoursSchema } from '../../src/otp/relay/read-model/changed-hours.schema';
import { ReadModelRepository } from '../../src/otp/relay/read-model/read-model.repository';
import {
  readModelSchema,
  VERIFICATIONS,
  type ReadModelDocument,
} from '../../src/otp/relay/read-model/read-model.schema';
import { ReadModelService } from '../../src/otp/relay/read-model/read-model.service';
import { checkPipeline } from '../../src/otp/slots/pipelines/check.pipeline';
import { createPipeline, freshPipeline, freshSlot } from '../../src/otp/slots/pipelines/create.pipeline';
import { resultPipeline } from '../../src/otp/slots/pipelines/delivery.pipeline';
import type { Pipeline } from '../../src/otp/slots/pipelines/expressions';
import { SlotJobsRepository } from '../../src/otp/slots/slot-jobs.repository';
import type { SlotDocument, VerificationRecord } from '../../src/otp/slots/slot';
import { SLOTS, slotSchema } from '../../src/otp/slots/slot.schema';
import { checkConstants, createConstants } from '../builders/slot.builder';
import type { TestMongo } from './mongo';

/** Slots, audit log and read model in a test's database, with the real indexes, and operations to fill them. */
export class SlotWorld {
  readonly slots: SlotJobsRepository;
  readonly history: ReadModelService;
  readonly log: AuditLogService;
  readonly inbox: AuditInboxRepository;

  private constructor(private readonly test: TestMongo) {
    const inbox = this.test.connection.models[AUDIT_INBOX]!;
    this.inbox = new AuditInboxRepository(inbox);
    this.slots = new SlotJobsRepository(test.durableDb);
    this.history = new ReadModelService(
      new ReadModelRepository(test.durableDb),
      new ChangedHoursRepository(test.durableDb),
    );
    this.log = new AuditLogService(new AuditLogRepository(test.durableDb), this.inbox);
  }

  static async open(test: TestMongo): Promise<SlotWorld> {
    const schemas = [
      [AUDIT_INBOX, auditInboxSchema],
      [AUDIT_EVENTS, auditLogSchema],
      [VERIFICATIONS, readModelSchema],
      [CHANGED_HOURS, changedHoursSchema],
      [SLOTS, slotSchema],
    ] as const;
    for (const [name, schema] of schemas) await test.connection.model(name, schema).createIndexes();
    return new SlotWorld(test);
  }

  private get db(): mongo.Db {
    return this.test.durableDb;
  }

  async clear(): Promise<void> {
    for (const name of [SLOTS, VERIFICATIONS, CHANGED_HOURS, AUDIT_EVENTS, AUDIT_INBOX, 'leases'])
      await this.db.collection(name).deleteMany({});
  }

  /** `constants` of one operation; `key` is what its pipeline tells operations by. */
  private async apply(slotId: string, u: Pipeline, constants: object, key = slotId): Promise<void> {
    const c = { keys: [key], params: [constants] };
    await runUpdates(this.db, SLOTS, [{ q: { _id: slotId }, u, c }]);
  }

  /** Starts a verification, superseding a pending one. @returns its id */
  async create(slotId: string, ask: Parameters<typeof createConstants>[0] = {}): Promise<string> {
    const rules = { whenPending: 'replace', cooldownMs: 0, sendsMax: 1000 } as const;
    const constants = createConstants({ ...rules, ...ask });
    const c = { p: constants, fresh: freshSlot(constants) };
    await this.apply(slotId, createPipeline(), constants);
    await runUpdates(this.db, SLOTS, [
      { q: { _id: slotId }, u: freshPipeline(constants.record.plan !== undefined), c, upsert: true },
    ]);
    return constants.record.id;
  }

  async check(slotId: string, verificationId: string, code: string): Promise<void> {
    await this.apply(slotId, checkPipeline(), checkConstants(verificationId, code), verificationId);
  }

  /** The gateway took the first delivery of a verification, current or past. */
  async report(slotId: string, verificationId: string): Promise<void> {
    const slot = await this.slot(slotId);
    const record = [slot.current, ...slot.past].find(
      (one) => one.id === verificationId,
    ) as VerificationRecord;
    await this.apply(slotId, resultPipeline(), {
      op: newId(),
      actor: 'job:delivery',
      verificationId,
      deliveryId: record.deliveries[0]!.id,
      leaseOwner: 'me',
      leaseN: 1,
      result: { state: 'accepted', provider: 'console', reference: null, errorCode: null },
      attempts: [],
    });
  }

  /** Puts every time in a slot back by `ms`, as if it had happened so much earlier. */
  async age(slotId: string, ms: number): Promise<void> {
    const slot = await this.slot(slotId);
    await this.db
      .collection<SlotDocument>(SLOTS)
      .replaceOne({ _id: slotId }, shifted(slot, ms) as SlotDocument);
  }

  /** As if these had been started, ended and drained before. */
  async putTombstones(slotId: string, ids: readonly string[]): Promise<void> {
    const past = ids.map(
      (id) => ({ id, status: 'superseded', endedAt: new Date(), tombstone: true }) as const,
    );
    const slots = this.db.collection<SlotDocument>(SLOTS);
    await slots.updateOne(
      { _id: slotId },
      { $set: { past }, $push: { ids: { $each: [...ids], $position: 0 } } },
    );
  }

  async slot(slotId: string): Promise<SlotDocument> {
    const slot = await this.db.collection<SlotDocument>(SLOTS).findOne({ _id: slotId });
    if (!slot) throw new Error(`no slot ${slotId}`);
    return slot;
  }

  logged(): Promise<AuditLogDocument[]> {
    return this.db.collection<AuditLogDocument>(AUDIT_EVENTS).find().sort({ pos: 1 }).toArray();
  }

  copies(): Promise<ReadModelDocument[]> {
    return this.db.collection<ReadModelDocument>(VERIFICATIONS).find().sort({ _id: 1 }).toArray();
  }
}

function shifted(value: unknown, ms: number): unknown {
  if (value instanceof Date) return new Date(value.getTime() - ms);
  if (Array.isArray(value)) return value.map((item) => shifted(item, ms));
  if (value === null || typeof value !== 'object' || '_bsontype' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shifted(item, ms)]));
}
