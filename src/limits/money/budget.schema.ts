import { Schema } from 'mongoose';

/** One cap in one period: how much of it is in the hands of processes, or spent. */
export interface BudgetDocument {
  /** See `capId`. */
  readonly _id: string;
  readonly allottedMicros: number;
  readonly purgeAt: Date;
}

export const BUDGETS = 'budgets';

/** mongoose knows this collection for its indexes only. */
export const budgetSchema = new Schema(
  { _id: String },
  { collection: BUDGETS, strict: false, versionKey: false },
);

/** Long after the period has ended: a document that goes before would give the whole cap again. */
budgetSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
