import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { inTransaction } from '../../common/mongo/transaction';
import { priceId, type Price } from './price';
import { PRICES, type PriceDocument } from './price.schema';

export interface PricesQuery {
  readonly gateway?: string;
  readonly country?: string;
  readonly channel?: Price['channel'];
  /** Only ids after this one. */
  readonly after?: string;
  readonly limit: number;
}

/** What is removed before new prices are stored. */
export type Replaced = Pick<Price, 'source'> & Partial<Pick<Price, 'gateway'>>;

/** Owner of the collection `prices`. */
@Injectable()
export class PricesRepository {
  private readonly prices: mongo.Collection<PriceDocument>;

  constructor(@InjectConnection() private readonly connection: Connection) {
    this.prices = connection.collection<PriceDocument>(PRICES);
  }

  async all(): Promise<Price[]> {
    return (await this.prices.find({}, { batchSize: 1_000 }).toArray()).map(toPrice);
  }

  /** By id. */
  async list({ after, limit, ...fields }: PricesQuery): Promise<Price[]> {
    const filter = { ...fields, ...(after === undefined ? {} : { _id: { $gt: after } }) };
    return (await this.prices.find(filter, { sort: { _id: 1 }, limit }).toArray()).map(toPrice);
  }

  /**
   * All of them or none. Each replaces the one with its id.
   * @param replaced these are removed first; null: nothing is
   * @param also is part of the same transaction
   */
  async save(
    prices: readonly Price[],
    replaced: Replaced | null,
    also: (session: mongo.ClientSession) => Promise<void>,
  ): Promise<void> {
    const operations = prices.map(toDocument).map((replacement) => ({
      replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true },
    }));
    await inTransaction(this.connection, async (session) => {
      if (replaced) await this.prices.deleteMany({ ...replaced }, { session });
      if (operations.length > 0) await this.prices.bulkWrite(operations, { session, ordered: false });
      await also(session);
    });
  }
}

function toDocument(price: Price): PriceDocument {
  const { gateway, country, channel, source, updatedAt } = price;
  const { micros, currency } = price.price;
  return { _id: priceId(price), gateway, country, channel, source, updatedAt, micros, currency };
}

function toPrice({ _id: _, micros, currency, ...rest }: PriceDocument): Price {
  return { ...rest, price: { micros, currency } };
}
