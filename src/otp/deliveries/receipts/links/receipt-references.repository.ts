import { Inject, Injectable } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { runUpdates } from '../../../../common/mongo/write-commands';
import { DURABLE_DB } from '../../../../database/durable-connection';
import type { DeliveryName } from './receipt-address';
import { RECEIPT_REFERENCES } from './receipt-references.schema';
import type { ReceiptReferenceDocument } from './receipt-references.schema';

/** Operators give up after 48 hours at most (the usual validity period); a day more for their report. */
const KEEP_MS = 3 * 86_400_000;
/** SMS has no more parts. */
const MAX_REFERENCES = 255;
const MAX_LENGTH = 128;
const reading = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

const keyOf = (gateway: string, reference: string): string => `${gateway}:${reference}`;

/**
 * Owner of the collection `receipt_references`, which stays empty unless a gateway is used whose vendor neither
 * echoes a reference of ours nor takes an address per message.
 */
@Injectable()
export class ReceiptReferences {
  private readonly references: mongo.Collection<ReceiptReferenceDocument>;

  constructor(@Inject(DURABLE_DB) private readonly db: mongo.Db) {
    this.references = db.collection<ReceiptReferenceDocument>(RECEIPT_REFERENCES);
  }

  /**
   * To be called between the acceptance and the record of it. Idempotent; durable on a majority when it resolves.
   * Without references, which is nearly always, it costs nothing.
   */
  async remember(
    gateway: string,
    references: readonly string[],
    { verificationId, deliveryId }: DeliveryName,
  ): Promise<void> {
    if (references.length === 0) return;
    const fields = { verificationId: { $literal: verificationId }, deliveryId: { $literal: deliveryId } };
    const set = { ...fields, expiresAt: { $add: ['$$NOW', KEEP_MS] } };
    const known = references.filter((one) => one.length <= MAX_LENGTH).slice(0, MAX_REFERENCES);
    const updates = known.map((one) => ({
      q: { _id: keyOf(gateway, one) },
      u: [{ $set: set }],
      upsert: true,
    }));
    await runUpdates(this.db, RECEIPT_REFERENCES, updates);
  }

  /** By reference; one that is not known is not in it. */
  async find(gateway: string, references: readonly string[]): Promise<Map<string, DeliveryName>> {
    if (references.length === 0) return new Map();
    const ids = references.map((reference) => keyOf(gateway, reference));
    const found = await this.references.find({ _id: { $in: ids } }, reading).toArray();
    return new Map(
      found.map(({ _id, verificationId, deliveryId }) => [
        _id.slice(gateway.length + 1),
        { verificationId, deliveryId },
      ]),
    );
  }
}
