import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { classifyFailure } from '../../common/mongo/write-failure';
import { RISK_REDEMPTIONS, type Redemption } from './redemption.schema';

/** A second primary must not say yes again to what the first one took. */
const durable = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 2_000 } } as const;

/** Owner of the collection `risk_redemptions`. */
@Injectable()
export class RedemptionsRepository {
  private readonly redemptions: mongo.Collection<Redemption>;

  constructor(@InjectModel(RISK_REDEMPTIONS) model: Model<Redemption>) {
    this.redemptions = model.db.collection<Redemption>(RISK_REDEMPTIONS);
  }

  /** Takes an id, over all instances: true for the first caller alone. Rejects when the database does not answer. */
  async redeem(id: string): Promise<boolean> {
    try {
      // An upsert, because an insert could only say the process's time and not the database's.
      const change = { $currentDate: { at: true } } as const;
      const result = await this.redemptions.updateOne({ _id: id }, change, { upsert: true, ...durable });
      return result.upsertedCount === 1;
    } catch (error) {
      if (classifyFailure(error) === 'collision') return false;
      throw error;
    }
  }
}
