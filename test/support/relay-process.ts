/** Server processes that write slots and relay them, over one database; and what they have left there. */
import type { mongo } from 'mongoose';
import { AuditRepository } from '../../src/audit/audit.repository';
import { AUDIT_EVENTS, type AuditEventDocument } from '../../src/audit/audit.schema';
import { systemClock } from '../../src/common/clock';
import { newId } from '../../src/common/ids';
import { auditSink } from '../../src/otp/relay/audit.sink';
import { ChangedHoursRepository } from '../../src/otp/relay/read-model/changed-hours.repository';
import { CHANGED_HOURS } from '../../src/otp/relay/read-model/changed-hours.schema';
import { ReadModelRepository } from '../../src/otp/relay/read-model/read-model.repository';
import { VERIFICATIONS, type ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import { readModelSink } from '../../src/otp/relay/read-model/read-model.sink';
import { RelayService } from '../../src/otp/relay/relay.service';
import type { CheckCommand } from '../../src/otp/slots/rules/check';
import type { Slot } from '../../src/otp/slots/slot';
import { SlotRepository } from '../../src/otp/slots/slot.repository';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { SlotsService } from '../../src/otp/slots/slots.service';
import { createEngineIndexes } from './engine-indexes';
import type { TestMongo } from './mongo';

const TTL_MS = 600_000;
const caller = () => ({ applicationId: 'app', actor: 'key:test', op: newId(), keyed: false }) as const;

/** What happens around a step of a relay, by its name. */
export interface Interruptions {
  readonly before?: ((step: string) => Promise<void> | undefined) | undefined;
  readonly after?: ((step: string) => Promise<void>) | undefined;
}

/** A server process: slots of its own over the one database, and a relay whose steps can be interrupted. */
export class RelayProcess {
  readonly slots: SlotsService;
  readonly relay: RelayService;
  readonly verifications: ReadModelRepository;
  readonly hours: ChangedHoursRepository;
  reads = 0;
  private isDead = false;

  constructor(
    private readonly test: TestMongo,
    { before, after }: Interruptions = {},
  ) {
    const interruptions = { before: (step: string) => this.mustLive() ?? before?.(step), after };
    const repository = interrupted(new SlotRepository(this.test.durableDb), {
      before: async (step) => void (this.reads += step === 'read' ? 1 : 0),
    });
    this.slots = new SlotsService(repository, systemClock);
    this.verifications = new ReadModelRepository(this.test.durableDb);
    this.hours = new ChangedHoursRepository(this.test.durableDb);
    const sinks = [
      auditSink(interrupted(new AuditRepository(this.test.connection), interruptions)),
      readModelSink(interrupted(this.verifications, interruptions), interrupted(this.hours, interruptions)),
    ];
    this.relay = new RelayService(
      interrupted(this.slots, interruptions, ['acknowledge']),
      sinks,
      systemClock,
    );
    this.relay.onModuleInit();
  }

  /** It goes down without a word: what is in its memory is gone. */
  async kill(): Promise<void> {
    this.isDead = true;
    await this.relay.onApplicationShutdown();
  }

  private mustLive(): Promise<void> | undefined {
    return this.isDead ? Promise.reject(new Error('dead')) : undefined;
  }

  /** Starts a verification, superseding a pending one. @returns its id */
  async create(slotId: string, ttlMs = TTL_MS): Promise<string> {
    const { outcome } = await this.slots.create({
      ...caller(),
      slot: { _id: slotId, key: slotId, applicationId: 'app', purpose: 'default', recipient: 'recipient' },
      record: {
        id: newId(),
        mac: Buffer.alloc(32, 1),
        sealed: Buffer.from('sealed code'),
        kid: 'k1',
        policy: {
          maxChecks: 5,
          ttlMs,
          codeLength: 6,
          codeAlphabet: 'numeric',
          sends: { windowMs: TTL_MS, sendsMax: 1_000, cooldownMs: 0 },
        },
        country: 'GB',
        channel: 'sms',
        masked: '+44*********00',
        transactionDigest: Buffer.alloc(32, 3),
        personal: Buffer.from('sealed person'),
      },
      delivery: { id: 'd1', channel: 'sms', locale: null, appHash: null, webOtpDomain: null },
      whenPending: 'replace',
      leaseOwner: 'me',
      leaseMs: 30_000,
    });
    return 'verificationId' in outcome ? String(outcome.verificationId) : outcome.kind;
  }

  async check(slotId: string, verificationId: string, isRight: boolean): Promise<void> {
    const candidates: CheckCommand['candidates'] = [{ kid: 'k1', mac: Buffer.alloc(32, isRight ? 1 : 2) }];
    await this.slots.check(slotId, { ...caller(), verificationId, candidates });
  }

  /** The gateway took the first delivery of a verification, current or past. */
  async report(slotId: string, verificationId: string): Promise<void> {
    await this.slots.result(slotId, {
      verificationId,
      deliveryId: 'd1',
      actor: 'job:delivery',
      leaseOwner: 'me',
      leaseN: 1,
      withinMs: 0,
      result: { state: 'accepted', provider: 'console', reference: null, errorCode: null },
      attempts: [],
    });
  }

  /** A few slots with all that leaves events: creates over each other, wrong and right guesses, results. */
  async someStories(slots: number): Promise<void> {
    for (let n = 0; n < slots; n++) {
      const slotId = `slot-${n}`;
      const first = await this.create(slotId);
      await this.check(slotId, first, false);
      const second = await this.create(slotId);
      await Promise.all([this.report(slotId, first), this.report(slotId, second)]);
      await this.check(slotId, second, true);
    }
  }

  /** Relays all that is in the slots, as if it were due. */
  async relayAll(): Promise<void> {
    const ids = (await this.test.durableDb.collection<Slot>(SLOTS).find().toArray()).map(({ _id }) => _id);
    await this.relay.relay(await this.slots.findMany(ids));
  }
}

/** What is in the database, whoever wrote it. */
export class RelayWorld {
  private readonly processes: RelayProcess[] = [];

  private constructor(private readonly test: TestMongo) {}

  private get db(): mongo.Db {
    return this.test.durableDb;
  }

  static async open(test: TestMongo): Promise<RelayWorld> {
    await createEngineIndexes(test);
    return new RelayWorld(test);
  }

  start(interruptions: Interruptions = {}): RelayProcess {
    const process = new RelayProcess(this.test, interruptions);
    this.processes.push(process);
    return process;
  }

  /** To be called after each test: a process goes on relaying what it has in memory. */
  async clear(): Promise<void> {
    await Promise.all(this.processes.splice(0).map((process) => process.kill()));
    for (const name of [SLOTS, VERIFICATIONS, CHANGED_HOURS, AUDIT_EVENTS])
      await this.db.collection(name).deleteMany({});
  }

  async slot(id: string): Promise<Slot> {
    const [slot] = (await new SlotRepository(this.db).read([id])).slots;
    if (!slot) throw new Error(`no slot ${id}`);
    return slot;
  }

  slots(): Promise<Slot[]> {
    return this.db.collection<Slot>(SLOTS).find().toArray();
  }

  logged(): Promise<AuditEventDocument[]> {
    return this.db.collection<AuditEventDocument>(AUDIT_EVENTS).find().sort({ _id: 1 }).toArray();
  }

  copies(): Promise<ReadModelDocument[]> {
    return this.db.collection<ReadModelDocument>(VERIFICATIONS).find().sort({ _id: 1 }).toArray();
  }

  /** Replaces a slot behind the backs of all processes; whoever remembers it loses its next race. */
  async change(id: string, how: (slot: Slot) => Slot): Promise<void> {
    const slot = how(await this.slot(id));
    await this.db.collection<Slot>(SLOTS).replaceOne({ _id: id }, { ...slot, v: slot.v + 1 });
  }

  /** As if everything in a slot had happened `ms` earlier. */
  age(id: string, ms: number): Promise<void> {
    return this.change(id, (slot) => shifted(slot, ms));
  }
}

function shifted<T>(value: T, ms: number): T {
  const shift = (one: unknown): unknown => {
    if (one instanceof Date) return new Date(one.getTime() - ms);
    if (Array.isArray(one)) return one.map(shift);
    if (one === null || typeof one !== 'object' || Buffer.isBuffer(one)) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, shift(item)]));
  };
  return shift(value) as T;
}

function interrupted<T extends object>(
  target: T,
  { before, after }: Interruptions,
  steps: readonly string[] | null = null,
): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (steps && !steps.includes(String(name))) return value.bind(target);
      return async (...args: unknown[]) => {
        await before?.(String(name));
        const result: unknown = await Reflect.apply(value, target, args);
        await after?.(String(name));
        return result;
      };
    },
  });
}
