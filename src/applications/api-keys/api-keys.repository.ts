import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import { olderThan } from '../../common/mongo/older-than';
import type { PagePosition } from '../../common/page-cursor';
import type { ApiKey } from './api-key';
import { API_KEYS, toApiKey, toApiKeyDocument, type ApiKeyDocument } from './api-key.schema';

/** The only holder of the collection `api_keys`. */
@Injectable()
export class ApiKeysRepository {
  constructor(@InjectModel(API_KEYS) private readonly model: Model<ApiKeyDocument>) {}

  async insert(key: ApiKey, session: mongo.ClientSession): Promise<void> {
    await this.model.insertMany([toApiKeyDocument(key)], { session });
  }

  /** Puts the key in the place of the one with the same id, if there is one. */
  async put(key: ApiKey, session: mongo.ClientSession): Promise<void> {
    const { _id, ...rest } = toApiKeyDocument(key);
    await this.model.updateOne({ _id }, { $set: rest }, { upsert: true, session });
  }

  async find(applicationId: string, id: string, session?: mongo.ClientSession): Promise<ApiKey | null> {
    const query = this.model.findOne({ _id: id, applicationId }).session(session ?? null);
    const document = await query.read('primary').lean<ApiKeyDocument>().exec();
    return document && toApiKey(document);
  }

  /** Newest first, at most `limit`. */
  async list(applicationId: string, limit: number, after: PagePosition | null): Promise<ApiKey[]> {
    const query = this.model.find({ applicationId, ...olderThan(after) }).sort({ createdAt: -1, _id: -1 });
    const documents = await query.limit(limit).read('primary').lean<ApiKeyDocument[]>().exec();
    return documents.map(toApiKey);
  }

  /** Ends a key; false when there was nothing to end. */
  async revoke(applicationId: string, id: string, at: Date, session: mongo.ClientSession): Promise<boolean> {
    const filter = { _id: id, applicationId, revokedAt: null };
    const result = await this.model.updateOne(filter, { $set: { revokedAt: at } }, { session });
    return result.modifiedCount === 1;
  }

  /** The keys in force with these digests, in any order; gives up after `maxTimeMs`. */
  async findByDigests(digests: readonly string[], maxTimeMs: number): Promise<ApiKey[]> {
    return this.inForce({ digest: { $in: [...digests] } }, maxTimeMs);
  }

  /** The keys in force with these ids, in any order; gives up after `maxTimeMs`. */
  async findByIds(ids: readonly string[], maxTimeMs: number): Promise<ApiKey[]> {
    return this.inForce({ _id: { $in: [...ids] } }, maxTimeMs);
  }

  private async inForce(
    filter: { digest: { $in: string[] } } | { _id: { $in: string[] } },
    maxTimeMs: number,
  ): Promise<ApiKey[]> {
    const query = this.model.find({ ...filter, revokedAt: null }).read('primary');
    const documents = await query.maxTimeMS(maxTimeMs).lean<ApiKeyDocument[]>().exec();
    return documents.map(toApiKey);
  }
}
