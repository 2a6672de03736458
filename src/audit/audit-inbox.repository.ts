import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo } from 'mongoose';
import type { AuditEvent } from './audit-event';
import { AUDIT_INBOX, toDocument, toEvent, type AuditEventDocument } from './audit.schema';

const durable = { writeConcern: { w: 'majority', j: true } } as const;

/** Where events wait that belong to no slot: changes of keys and settings, and refused calls. */
@Injectable()
export class AuditInboxRepository {
  constructor(@InjectModel(AUDIT_INBOX) private readonly inbox: Model<AuditEventDocument>) {}

  /** With a session the event is stored if and only if the caller's transaction commits. */
  async add(event: AuditEvent, session?: mongo.ClientSession): Promise<void> {
    // Inside a transaction the commit decides the write concern; MongoDB refuses one per statement.
    await this.inbox.insertMany([toDocument(event)], { lean: true, ...(session ? { session } : durable) });
  }

  async addMany(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.inbox.insertMany(events.map(toDocument), { ordered: false, lean: true });
  }

  /** In the order of arrival. Read with majority: what it hands out cannot be rolled back. */
  async oldest(limit: number): Promise<AuditEvent[]> {
    const query = this.inbox.find().sort({ $natural: 1 }).limit(limit);
    const documents = await query.read('primary').readConcern('majority').lean().exec();
    return documents.map(toEvent);
  }

  /** To be called once the log has them. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.inbox.deleteMany({ _id: { $in: [...ids] } }, durable);
  }
}
