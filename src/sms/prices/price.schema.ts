import { Schema } from 'mongoose';
import type { Price } from './price';

export const PRICES = 'prices';

/** `_id` is the price's id, see `price.ts`: gateway, country, channel and source. */
export interface PriceDocument extends Omit<Price, 'price'> {
  readonly _id: string;
  /** Millionths of `currency`. */
  readonly micros: number;
  readonly currency: string;
}

/**
 * mongoose knows this collection for its name only. No index: gateways × countries × channels are some thousands
 * at most, and they are read as a whole.
 */
export const priceSchema = new Schema(
  { _id: String },
  { collection: PRICES, strict: false, versionKey: false },
);
