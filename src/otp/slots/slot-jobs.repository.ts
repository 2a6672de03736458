import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { newId } from '../../common/ids';
import { runUpdates, type UpdateStatement } from '../../common/mongo/write-commands';
import { DURABLE_DB } from '../../database/durable-connection';
import { expirePipeline, type ExpireConstants } from './pipelines/expire.pipeline';
import {
  FORGET_AFTER_MS,
  settlePipeline,
  tidyPipeline,
  type SettleConstants,
  type TidyConstants,
} from './pipelines/settle.pipeline';
import type { Pipeline } from './pipelines/expressions';
import type { DeliveryRecord, SlotDocument } from './slot';
import { SLOTS } from './slot.schema';

/** What the drain reads of a slot. */
export type UndrainedSlot = Pick<
  SlotDocument,
  '_id' | 'applicationId' | 'purpose' | 'recipient' | 'current' | 'past' | 'sends' | 'pendingAudit'
>;

export interface DeliveryAddress {
  readonly slotId: string;
  readonly verificationId: string;
  readonly deliveryId: string;
}

export type WaitingSlot = Omit<DeliveryAddress, 'deliveryId'>;

/** What a pipeline is to do with one slot. */
export interface SlotWork<Constants> {
  readonly slotId: string;
  readonly constants: Constants;
}

const settle = settlePipeline();
const tidy = tidyPipeline();
const expire = expirePipeline();

const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;
const forDrain = { ids: 0, ops: 0, 'current.mac': 0, 'current.sealed': 0, 'current.transactionDigest': 0 };
const forForgetting = { 'current.id': 1, 'current.status': 1, 'current.endedAt': 1, past: 1 };

type Filter = mongo.Filter<SlotDocument>;

const hasEvents: Filter = { 'pendingAudit.0': { $exists: true } };
const isUncopied: Filter = { 'current.uncopied': true };
const hasWholePast: Filter = { past: { $elemMatch: { tombstone: { $exists: false } } } };
const isOverdue = (now: Date): Filter => ({
  'current.status': 'pending',
  'current.expiresAt': { $lte: now },
});
const isWaiting = (now: Date): Filter => ({
  'current.status': 'pending',
  'current.followAt': { $lte: now },
});
const isAbandoned = (now: Date): Filter => {
  const ranOut = { $elemMatch: { 'lease.until': { $lte: now } } };
  return { $or: [{ 'current.deliveries': ranOut }, { 'past.deliveries': ranOut }] };
};

/**
 * The jobs' door to the slots; requests use `slot.repository.ts`. All finders walk over the index on `dueAt`
 * from the oldest, up to a `now` that comes from {@link now}: with `$$NOW` in the filter MongoDB could not
 * use a sparse index.
 */
@Injectable()
export class SlotJobsRepository {
  private readonly slots: mongo.Collection<SlotDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.slots = db.collection<SlotDocument>(SLOTS);
  }

  /** The database's time. Good for finding work only: what is done about it, the pipelines decide by `$$NOW`. */
  async now(): Promise<Date> {
    const { localTime } = (await this.db.command({ hello: 1 })) as unknown as { localTime: Date };
    return localTime;
  }

  /** Slots with events or past verifications that are not copied yet. What it hands out cannot be rolled back. */
  async undrained(now: Date, limit: number): Promise<UndrainedSlot[]> {
    const filter = { dueAt: { $lte: now }, $or: [hasEvents, isUncopied, hasWholePast] };
    const options = {
      ...reading,
      projection: forDrain,
      sort: { dueAt: 1 },
      limit,
      batchSize: limit,
    } as const;
    return this.slots.find(filter, options).toArray();
  }

  /** When the oldest event that waits for the drain was queued, null when none does. */
  async undrainedSince(now: Date): Promise<Date | null> {
    const options = { projection: { pendingAudit: { $slice: 1 } }, sort: { dueAt: 1 } } as const;
    const slot = await this.slots.findOne({ dueAt: { $lte: now }, ...hasEvents }, options);
    return slot?.pendingAudit[0]?.at ?? null;
  }

  async settle(work: readonly SlotWork<SettleConstants>[]): Promise<void> {
    await this.run(settle, work);
  }

  /** Slots whose verification is pending although its time is over. */
  async overdue(now: Date, limit: number): Promise<{ slotId: string; expiresAt: Date }[]> {
    const options = { projection: { 'current.expiresAt': 1 }, sort: { dueAt: 1 }, limit } as const;
    const found = await this.slots.find({ dueAt: { $lte: now }, ...isOverdue(now) }, options).toArray();
    return found.map(({ _id, current }) => ({ slotId: _id, expiresAt: current.expiresAt }));
  }

  async expire(slotIds: readonly string[]): Promise<void> {
    const constants = (): ExpireConstants => ({ op: newId(), actor: 'job:expiry' });
    await this.run(
      expire,
      slotIds.map((slotId) => ({ slotId, constants: constants() })),
    );
  }

  /** Deliveries that nobody attempts any more: their lease ran out. */
  async abandoned(now: Date, limit: number): Promise<DeliveryAddress[]> {
    const options = {
      projection: { 'current.id': 1, 'current.deliveries': 1, 'past.id': 1, 'past.deliveries': 1 },
      sort: { dueAt: 1 },
      limit,
    } as const;
    const found = await this.slots.find({ dueAt: { $lte: now }, ...isAbandoned(now) }, options).toArray();
    return found.flatMap((slot) => abandonedIn(slot, now));
  }

  /** Verifications for which another gateway or channel is to be tried. */
  async waiting(now: Date, limit: number): Promise<WaitingSlot[]> {
    const options = { projection: { 'current.id': 1 }, sort: { dueAt: 1 }, limit } as const;
    const found = await this.slots.find({ dueAt: { $lte: now }, ...isWaiting(now) }, options).toArray();
    return found.map(({ _id, current }) => ({ slotId: _id, verificationId: current.id }));
  }

  /**
   * Slots due for anything that no other job does: removal of personal data and tombstones, or a `dueAt` that
   * stands for nothing any more. Those that wait for the drain come later: what is not copied yet cannot be
   * erased from the copy.
   */
  async untidy(now: Date, limit: number): Promise<{ slotId: string; forgettable: string[] }[]> {
    const others = [hasEvents, isUncopied, hasWholePast, isOverdue(now), isAbandoned(now), isWaiting(now)];
    const options = { projection: forForgetting, sort: { dueAt: 1 }, limit } as const;
    const found = await this.slots.find({ dueAt: { $lte: now }, $nor: others }, options).toArray();
    const before = new Date(now.getTime() - FORGET_AFTER_MS);
    return found.map((slot) => ({ slotId: slot._id, forgettable: forgettableIn(slot, before) }));
  }

  async tidy(work: readonly SlotWork<TidyConstants>[]): Promise<void> {
    await this.run(tidy, work);
  }

  /**
   * Many in one statement, so that the server parses the pipeline once: that costs more than running it. Only
   * when the statement fails each slot gets one of its own, so that one bad document does not stop the others.
   */
  private async run(u: Pipeline, work: readonly SlotWork<object>[]): Promise<void> {
    for (let start = 0; start < work.length; start += AT_ONCE) {
      const part = work.slice(start, start + AT_ONCE);
      try {
        await runUpdates(this.db, SLOTS, [statement(u, part)]);
      } catch {
        const each = part.map((one) => statement(u, [one]));
        await runUpdates(this.db, SLOTS, each);
      }
    }
  }
}

/** A command is one document of 16 MB at most; the events of one slot may take 40 KB of it. */
const AT_ONCE = 250;

function statement(u: Pipeline, work: readonly SlotWork<object>[]): UpdateStatement {
  const keys = work.map((one) => one.slotId);
  const params = work.map((one) => one.constants);
  return { q: { _id: { $in: keys } }, u, c: { keys, params }, multi: true };
}

function abandonedIn(slot: SlotDocument, now: Date): DeliveryAddress[] {
  const isOpen = ({ lease }: DeliveryRecord) => !!lease && lease.until <= now;
  return [slot.current, ...slot.past].flatMap((record) =>
    ('deliveries' in record ? record.deliveries : [])
      .filter(isOpen)
      .map((delivery) => ({ slotId: slot._id, verificationId: record.id, deliveryId: delivery.id })),
  );
}

/** Ended verifications whose 24 hours are over. */
function forgettableIn({ current, past }: SlotDocument, before: Date): string[] {
  return [...past, current]
    .filter(({ status, endedAt }) => status !== 'pending' && endedAt !== null && endedAt <= before)
    .map((record) => record.id);
}
