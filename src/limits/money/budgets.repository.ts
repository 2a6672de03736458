import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { DURABLE_DB } from '../../database/durable-connection';
import { answered } from '../../common/mongo/answered';
import { runUpdates, type UpdateStatement } from '../../common/mongo/write-commands';
import { classifyFailure } from '../../common/mongo/write-failure';
import type { Cap } from './caps';
import { BUDGETS, type BudgetDocument } from './budget.schema';

/** So long a cap can be looked at after its period. */
const KEPT_MS = 40 * 86_400_000;
const READ_MS = 1_000;
/** A caller waits for it; what comes later is lost. */
const COMMAND_MS = 3_000;

export type AllotAnswer = 'allotted' | 'no-room';

/**
 * Owner of the collection `budgets`. Every write is sent once, by a connection that repeats nothing: what is not
 * acknowledged by a majority may have happened, and its money counts as gone.
 */
@Injectable()
export class BudgetsRepository {
  private readonly budgets: mongo.Collection<BudgetDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.budgets = db.collection<BudgetDocument>(BUDGETS);
  }

  /** The database's time. */
  async now(): Promise<Date> {
    const hello = (await answered(this.db.command({ hello: 1 }), COMMAND_MS)) as unknown as {
      localTime: Date;
    };
    return hello.localTime;
  }

  async allottedMicros(capId: string): Promise<number> {
    const options = { projection: { allottedMicros: 1 }, maxTimeMS: READ_MS };
    const found = await answered(this.budgets.findOne({ _id: capId }, options), COMMAND_MS);
    return found?.allottedMicros ?? 0;
  }

  /**
   * Takes money out of a cap, if it still has so much when the write is made.
   * @throws as the driver does when it is not known whether the money was taken
   */
  async allot(cap: Cap, micros: number): Promise<AllotAnswer> {
    const q = { _id: cap.id, allottedMicros: { $lte: cap.limitMicros - micros } };
    const u = { $inc: { allottedMicros: micros }, $setOnInsert: { purgeAt: purgeAt(cap) } };
    try {
      await this.update({ q, u, upsert: true });
      return 'allotted';
    } catch (error) {
      // The document is there and has no room, so that the upsert met it.
      if (classifyFailure(error) === 'collision') return 'no-room';
      throw error;
    }
  }

  /** Money that nobody will spend; not more than once, and not again after a failure. */
  async giveBack(capId: string, micros: number): Promise<void> {
    const q = { _id: capId, allottedMicros: { $gte: micros } };
    await this.update({ q, u: { $inc: { allottedMicros: -micros } } });
  }

  /** Money that was spent beyond what was taken out, whatever the limit. May be repeated: twice is stricter. */
  async book(capId: string, micros: number): Promise<void> {
    await this.update({ q: { _id: capId }, u: { $inc: { allottedMicros: micros } } });
  }

  private update(statement: UpdateStatement): Promise<void> {
    return answered(runUpdates(this.db, BUDGETS, [statement]), COMMAND_MS);
  }
}

const purgeAt = ({ endsAt }: Cap): Date => new Date(endsAt.getTime() + KEPT_MS);
