import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { olderThan } from '../common/mongo/older-than';
import type { PagePosition } from '../common/page-cursor';
import { MAX_PURPOSES, type Application } from './application';
import { APPLICATIONS, toApplication, type ApplicationDocument } from './application.schema';

const durable = { writeConcern: { w: 'majority', j: true } } as const;

/** The only holder of the collection `applications`. */
@Injectable()
export class ApplicationsRepository {
  constructor(@InjectModel(APPLICATIONS) private readonly model: Model<ApplicationDocument>) {}

  async insert(application: Application, session: mongo.ClientSession): Promise<void> {
    await this.model.insertMany([toDocument(application)], { session });
  }

  /** Makes sure an application with this id exists; one that does stays as it is. True when it was made now. */
  async insertIfAbsent(application: Application, session: mongo.ClientSession): Promise<boolean> {
    const { _id, ...rest } = toDocument(application);
    const result = await this.model.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true, session });
    return result.upsertedCount === 1;
  }

  async find(id: string, session?: mongo.ClientSession): Promise<Application | null> {
    const document = await this.model
      .findById(id)
      .session(session ?? null)
      .read('primary')
      .lean<ApplicationDocument>()
      .exec();
    return document && toApplication(document);
  }

  /** Those of the ids that exist, in any order; gives up after `maxTimeMs`. */
  async findMany(ids: readonly string[], maxTimeMs: number): Promise<Application[]> {
    const query = this.model.find({ _id: { $in: [...ids] } }).read('primary');
    const documents = await query.maxTimeMS(maxTimeMs).lean<ApplicationDocument[]>().exec();
    return documents.map(toApplication);
  }

  /** Newest first, at most `limit`. */
  async list(limit: number, after: PagePosition | null): Promise<Application[]> {
    const query = this.model.find(olderThan(after)).sort({ createdAt: -1, _id: -1 });
    const documents = await query.limit(limit).read('primary').lean<ApplicationDocument[]>().exec();
    return documents.map(toApplication);
  }

  /** Replaces what an admin may change. Must run in the transaction that read the application. */
  async replaceSettings(application: Application, session: mongo.ClientSession): Promise<void> {
    const { name, settings } = application;
    await this.model.updateOne({ _id: application.id }, { $set: { name, settings } }, { session });
  }

  /** Names the picture to show, or none. Returns the application as it then is; null when there is none. */
  async setLogo(id: string, hash: string | null, session: mongo.ClientSession): Promise<Application | null> {
    const change = hash === null ? { $unset: { logo: 1 } } : { $set: { logo: hash } };
    const document = await this.model
      .findOneAndUpdate({ _id: id }, change, { returnDocument: 'after', session })
      .lean<ApplicationDocument>()
      .exec();
    return document && toApplication(document);
  }

  /**
   * Remembers a purpose, unless it would be one too many together with those that the settings name. Returns
   * the application as it then is, or null when nothing was changed: full, already there, or no such application.
   */
  async addPurpose(id: string, purpose: string): Promise<Application | null> {
    const inSettings = { $objectToArray: { $ifNull: ['$settings.purposes', {}] } };
    const named = { $map: { input: inSettings, in: '$$this.k' } };
    const all = { $setUnion: ['$purposes', named, [{ $literal: purpose }]] };
    const document = await this.model
      .findOneAndUpdate(
        { _id: id, purposes: { $ne: purpose }, $expr: { $lte: [{ $size: all }, MAX_PURPOSES] } },
        { $addToSet: { purposes: purpose } },
        { returnDocument: 'after', ...durable },
      )
      .lean<ApplicationDocument>()
      .exec();
    return document && toApplication(document);
  }
}

function toDocument({ id, name, settings, purposes, createdAt }: Application): ApplicationDocument {
  return { _id: id, name, settings, purposes: [...purposes], createdAt };
}
