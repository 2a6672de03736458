import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { answered } from '../../common/mongo/answered';
import type { Process } from './process';
import { HOSTED_VERIFICATIONS } from './process.schema';

/** A process as it is stored: what is personal is sealed. */
export interface ProcessDocument extends Omit<Process, 'id' | 'personal'> {
  readonly _id: string;
  /** Digest of the link's or the session's token. */
  readonly token: string;
  /** Digest of the request that began it: tells another one under the same Idempotency-Key. */
  readonly fingerprint: string;
  readonly kid: string;
  readonly sealed: mongo.Binary;
  readonly purgeAt: Date;
}

export interface FoundProcess {
  readonly document: ProcessDocument;
  /** The database's time. */
  readonly now: Date;
}

const READ_MS = 1_000;
/** A caller waits for it; what comes later is lost. */
const COMMAND_MS = 3_000;
const WRITE_MS = 2_500;

/** Owner of the collection `hosted_verifications`. */
@Injectable()
export class ProcessRepository {
  private readonly processes: mongo.Collection<ProcessDocument>;

  constructor(@InjectModel(HOSTED_VERIFICATIONS) private readonly model: Model<ProcessDocument>) {
    this.processes = model.db.collection<ProcessDocument>(HOSTED_VERIFICATIONS);
  }

  /** The database's time. */
  async now(): Promise<Date> {
    const { localTime } = (await answered(this.hello(), COMMAND_MS)) as unknown as { localTime: Date };
    return localTime;
  }

  byId(id: string): Promise<FoundProcess | null> {
    return this.one({ _id: id });
  }

  byToken(digest: string): Promise<FoundProcess | null> {
    return this.one({ token: digest });
  }

  /** Rejects with a collision when there is one of this id: no transaction survives that. */
  async insert(document: ProcessDocument, session: mongo.ClientSession): Promise<void> {
    await this.processes.insertOne(document, { session });
  }

  /** @returns false, and nothing is changed, when the stored one is not of the version that `next` was made from */
  async replace(next: ProcessDocument, session?: mongo.ClientSession): Promise<boolean> {
    const { _id, v, ...fields } = next;
    // A transaction has a write concern of its own.
    const durable = { w: 'majority', journal: true, wtimeoutMS: WRITE_MS } as const;
    const options = session ? { session } : { writeConcern: durable };
    const write = this.processes.replaceOne({ _id, v }, { ...fields, v: v + 1 }, options);
    return (await answered(write, COMMAND_MS)).matchedCount === 1;
  }

  /** One that nobody has acted on. @returns whether it was one */
  async removeUntouched(id: string, session: mongo.ClientSession): Promise<boolean> {
    return (await this.processes.deleteOne({ _id: id, v: 0 }, { session })).deletedCount > 0;
  }

  private hello(): Promise<mongo.Document> {
    const { db } = this.model.db;
    if (!db) throw new Error('the connection is there before any call');
    return db.command({ hello: 1 });
  }

  /** As a majority has it, with the database's time when the read began. */
  private async one(filter: Readonly<Record<string, string>>): Promise<FoundProcess | null> {
    const stages = [{ $match: filter }, { $limit: 1 }, { $project: { document: '$$ROOT', now: '$$NOW' } }];
    const found = this.processes.aggregate<FoundProcess>(stages, { maxTimeMS: READ_MS }).toArray();
    return (await answered(found, COMMAND_MS))[0] ?? null;
  }
}
