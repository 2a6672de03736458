import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { mongo, type Connection } from 'mongoose';
import { unavailable } from '../../common/errors';
import type { SinkState } from './sink-state';

interface SinkDocument extends Omit<SinkState, 'name' | 'pos' | 'gapUpTo'> {
  readonly _id: string;
  readonly pos: mongo.Timestamp;
  readonly gapUpTo: mongo.Timestamp | null;
}

export const EVENT_SINKS = 'event_sinks';

const fresh = {
  failures: 0,
  failingSince: null,
  retryAt: null,
  lastError: null,
  gapUpTo: null,
  gapAt: null,
} as const;

const well = { failures: 0, failingSince: null, retryAt: null, lastError: null } as const;

/** The cursors of event sinks. A sink that is gone keeps its own: when it comes back, it goes on where it was. */
@Injectable()
export class EventSinksRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** A sink that was never here begins at this position. */
  async ensure(name: string, pos: bigint): Promise<void> {
    const begin = { ...fresh, pos: new mongo.Timestamp(pos) };
    await this.sinks.updateOne({ _id: name }, { $setOnInsert: begin }, { upsert: true });
  }

  async get(name: string): Promise<SinkState | null> {
    const found = await this.sinks.findOne({ _id: name });
    return found && toState(found);
  }

  /** Only from where the sink still is: an instance that comes late moves nothing. @returns whether it was moved */
  async advance({ name, pos }: Pick<SinkState, 'name' | 'pos'>, to: bigint): Promise<boolean> {
    const change = { ...well, pos: new mongo.Timestamp(to) };
    return (await this.sinks.updateOne(at(name, pos), { $set: change })).matchedCount === 1;
  }

  async failed(
    { name, pos, failingSince }: SinkState,
    { error, now, retryAt }: { readonly error: string; readonly now: Date; readonly retryAt: Date },
  ): Promise<void> {
    const change = { lastError: error, retryAt, failingSince: failingSince ?? now };
    await this.sinks.updateOne(at(name, pos), { $set: change, $inc: { failures: 1 } });
  }

  async missed(name: string, upTo: bigint, now: Date): Promise<void> {
    const change = { gapUpTo: new mongo.Timestamp(upTo), gapAt: now };
    await this.sinks.updateOne({ _id: name }, { $set: change });
  }

  private get sinks(): mongo.Collection<SinkDocument> {
    if (!this.connection.db) throw unavailable('The database did not answer. Try again shortly.');
    return this.connection.db.collection<SinkDocument>(EVENT_SINKS);
  }
}

const at = (name: string, pos: bigint) => ({ _id: name, pos: new mongo.Timestamp(pos) });

function toState({ _id, pos, gapUpTo, ...fields }: SinkDocument): SinkState {
  return { ...fields, name: _id, pos: pos.toBigInt(), gapUpTo: gapUpTo?.toBigInt() ?? null };
}
