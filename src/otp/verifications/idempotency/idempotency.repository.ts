import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { claimPipeline } from './claim.pipeline';
import type { Claim, IdempotencyRecord, IdempotentResponse } from './idempotency';
import { IDEMPOTENCY_RECORDS } from './idempotency.schema';

const durable = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 5_000 } } as const;
const isOver = { $expr: { $lte: ['$expiresAt', '$$NOW'] } };

/**
 * Owner of the collection `idempotency_records`. Every method but the deletion is one round trip on the
 * native driver, and all times are the database's.
 */
@Injectable()
export class IdempotencyRepository {
  private readonly records: mongo.Collection<IdempotencyRecord>;

  constructor(@InjectModel(IDEMPOTENCY_RECORDS) model: Model<IdempotencyRecord>) {
    this.records = model.db.collection<IdempotencyRecord>(IDEMPOTENCY_RECORDS);
  }

  /** @returns the record as it stands after the claim; see {@link claimPipeline} */
  async claim(id: string, claim: Claim): Promise<IdempotencyRecord> {
    const record = await this.records.findOneAndUpdate({ _id: id }, claimPipeline(claim), {
      upsert: true,
      returnDocument: 'after',
      ...durable,
    });
    if (record === null) throw new Error('an upsert gave no document');
    return record;
  }

  /** @returns false when the attempt is no longer the current one */
  async finish(id: string, attempt: string, response: IdempotentResponse): Promise<boolean> {
    const change = { $set: { state: 'done' as const, response } };
    const result = await this.records.updateOne(running(id, attempt), change, durable);
    return result.matchedCount === 1;
  }

  /** @returns false when the attempt is no longer the current one */
  async suspend(id: string, attempt: string): Promise<boolean> {
    const change = { $set: { state: 'suspended' as const } };
    const result = await this.records.updateOne(running(id, attempt), change, durable);
    return result.matchedCount === 1;
  }

  /** @returns false when the attempt is no longer the current one */
  async remove(id: string, attempt: string): Promise<boolean> {
    const result = await this.records.deleteOne(running(id, attempt), durable);
    return result.deletedCount === 1;
  }

  /** The oldest first. One that was claimed anew in the meantime stays. */
  async deleteExpired(limit: number): Promise<number> {
    const expired = await this.records
      .find(isOver, { projection: { _id: 1 }, sort: { expiresAt: 1 }, limit })
      .toArray();
    if (expired.length === 0) return 0;
    const ids = expired.map((record) => record._id);
    const result = await this.records.deleteMany({ _id: { $in: ids }, ...isOver }, durable);
    return result.deletedCount;
  }
}

/** The fence: what an attempt may write, only as long as nobody took the record over. */
function running(id: string, attempt: string): mongo.Filter<IdempotencyRecord> {
  return { _id: id, attempt, state: 'running' };
}
