import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { olderThan } from '../../common/mongo/older-than';
import type { PagePosition } from '../../common/page-cursor';
import { SANDBOX_MESSAGES, type SandboxDocument } from './sandbox.schema';

export interface SandboxQuery {
  readonly applicationId: string;
  /** HMAC of (application, number). */
  readonly recipient?: string;
  /** Only what comes after this place, newest first. */
  readonly after: PagePosition | null;
  readonly limit: number;
}

/** Owner of the collection `sandbox_messages`. What is past its hour is never read, deleted or not. */
@Injectable()
export class SandboxRepository {
  private readonly messages: mongo.Collection<SandboxDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.messages = connection.collection<SandboxDocument>(SANDBOX_MESSAGES);
  }

  async insert(document: SandboxDocument): Promise<void> {
    await this.messages.insertOne(document);
  }

  /** Newest first. */
  list({ applicationId, recipient, after, limit }: SandboxQuery): Promise<SandboxDocument[]> {
    const filter: mongo.Filter<SandboxDocument> = {
      applicationId,
      ...(recipient === undefined ? {} : { recipient }),
      ...olderThan(after),
      $expr: { $gt: ['$expiresAt', '$$NOW'] },
    };
    return this.messages.find(filter, { sort: { createdAt: -1, _id: -1 }, limit }).toArray();
  }

  /** @returns how many were deleted, at most `limit`. */
  async deleteExpired(limit: number): Promise<number> {
    const expired = await this.messages
      .find(
        { $expr: { $lte: ['$expiresAt', '$$NOW'] } },
        { projection: { _id: 1 }, sort: { expiresAt: 1 }, limit },
      )
      .toArray();
    if (expired.length === 0) return 0;
    const ids = expired.map((document) => document._id);
    return (await this.messages.deleteMany({ _id: { $in: ids } })).deletedCount;
  }
}
