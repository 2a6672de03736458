import type { mongo } from 'mongoose';
import { AuditRepository } from '../../src/audit/audit.repository';
import { AUDIT_EVENTS, type AuditEventDocument } from '../../src/audit/audit.schema';
import { AuditService } from '../../src/audit/audit.service';
import { systemClock } from '../../src/common/clock';
import { auditSink } from '../../src/otp/relay/audit.sink';
import { ChangedHoursRepository } from '../../src/otp/relay/read-model/changed-hours.repository';
import { CHANGED_HOURS } from '../../src/otp/relay/read-model/changed-hours.schema';
import { ReadModelRepository } from '../../src/otp/relay/read-model/read-model.repository';
import { VERIFICATIONS, type ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import { ReadModelService } from '../../src/otp/relay/read-model/read-model.service';
import { readModelSink } from '../../src/otp/relay/read-model/read-model.sink';
import { RelayService } from '../../src/otp/relay/relay.service';
import type { Slot } from '../../src/otp/slots/slot';
import { SlotRepository } from '../../src/otp/slots/slot.repository';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { SlotsService } from '../../src/otp/slots/slots.service';
import { aCreate } from '../builders/slot-commands.builder';
import { createEngineIndexes } from './engine-indexes';
import type { TestMongo } from './mongo';

/** Slots, audit log and read model in a test's database, with the real indexes, and operations to fill them. */
export class SlotWorld {
  readonly slots: SlotsService;
  readonly audit: AuditService;
  readonly readModel: ReadModelService;
  readonly verifications: ReadModelRepository;
  readonly hours: ChangedHoursRepository;
  private readonly relay: RelayService;

  private constructor(private readonly test: TestMongo) {
    const { durableDb, connection } = test;
    this.slots = this.instance();
    this.audit = new AuditService(new AuditRepository(connection), systemClock);
    this.verifications = new ReadModelRepository(durableDb);
    this.hours = new ChangedHoursRepository(durableDb);
    this.readModel = new ReadModelService(this.verifications, this.hours);
    const sinks = [auditSink(new AuditRepository(connection)), readModelSink(this.verifications, this.hours)];
    this.relay = new RelayService(this.slots, sinks, systemClock);
  }

  static async open(test: TestMongo): Promise<SlotWorld> {
    await createEngineIndexes(test);
    return new SlotWorld(test);
  }

  private get db(): mongo.Db {
    return this.test.durableDb;
  }

  /** The slots as one more process sees them. @param db to be used in place of the test's own */
  instance(db: mongo.Db = this.db): SlotsService {
    return new SlotsService(new SlotRepository(db), systemClock);
  }

  async clear(): Promise<void> {
    for (const name of [SLOTS, VERIFICATIONS, CHANGED_HOURS, AUDIT_EVENTS, 'leases'])
      await this.db.collection(name).deleteMany({});
  }

  /** Starts a verification, superseding a pending one. @returns its id */
  async create(slotId: string, asked: Parameters<typeof aCreate>[0] = {}): Promise<string> {
    const command = aCreate({ slotId, whenPending: 'replace', sendsMax: 1_000, ...asked });
    const { outcome } = await this.slots.create(command);
    if (outcome.kind !== 'started') throw new Error(`not started: ${outcome.kind}`);
    return outcome.verificationId;
  }

  /** Puts every time in a slot back by `ms`, as if it had happened so much earlier. */
  async age(slotId: string, ms: number): Promise<void> {
    const slot = shifted(await this.slot(slotId), ms) as Slot;
    // A version of its own: nobody may still believe what it remembers.
    await this.db.collection<Slot>(SLOTS).replaceOne({ _id: slotId }, { ...slot, v: slot.v + 1 });
  }

  /** Relays what is in all slots, as if it were due. */
  async relayAll(): Promise<void> {
    const all = await this.db.collection<Slot>(SLOTS).find().toArray();
    await this.relay.relay(await this.slots.findMany(all.map(({ _id }) => _id)));
  }

  async slot(slotId: string): Promise<Slot> {
    const [slot] = await this.slots.findMany([slotId]);
    if (!slot) throw new Error(`no slot ${slotId}`);
    return slot;
  }

  /** In the order of the log. */
  logged(): Promise<AuditEventDocument[]> {
    return this.db.collection<AuditEventDocument>(AUDIT_EVENTS).find().sort({ pos: 1 }).toArray();
  }

  copies(): Promise<ReadModelDocument[]> {
    return this.db.collection<ReadModelDocument>(VERIFICATIONS).find().sort({ _id: 1 }).toArray();
  }
}

function shifted(value: unknown, ms: number): unknown {
  if (value instanceof Date) return new Date(value.getTime() - ms);
  if (Array.isArray(value)) return value.map((item) => shifted(item, ms));
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shifted(item, ms)]));
}
