import { mongo, Schema } from 'mongoose';
import type { AuditEvent } from './audit-event';

/** An audit event as stored; the order of the fields is always this one. */
export interface AuditEventDocument extends Omit<AuditEvent, 'id'> {
  readonly _id: string;
  /**
   * Where it stands in the log: the cluster time at which the server took it in, unique and rising. Never read from
   * a clock of ours, and never changed.
   */
  readonly pos: mongo.Timestamp;
}

/** Names of the collection and of its model. */
export const AUDIT_EVENTS = 'audit_events';

/** mongoose knows it for its indexes only. */
export const auditEventSchema = new Schema(
  { _id: String },
  { collection: AUDIT_EVENTS, strict: false, versionKey: false },
);

// AuditRepository.list: one application, newest first. One verification is a range over `_id` instead.
auditEventSchema.index({ applicationId: 1, pos: -1 });
// AuditRepository.deleteOlderThan: the oldest of all applications.
auditEventSchema.index({ pos: 1 });

/** Filled in by the server, in an insert only, and only as a field of the document itself (not inside another). */
const SET_BY_SERVER = new mongo.Timestamp({ t: 0, i: 0 });

export function toDocument(event: AuditEvent): AuditEventDocument {
  return {
    _id: event.id,
    type: event.type,
    at: event.at,
    applicationId: event.applicationId,
    verificationId: event.verificationId,
    seq: event.seq,
    actor: event.actor,
    purpose: event.purpose,
    to: event.to,
    data: Object.fromEntries(Object.entries(event.data).sort(([a], [b]) => (a < b ? -1 : 1))),
    pos: SET_BY_SERVER,
  };
}

export function toEvent({ _id, ...fields }: AuditEventDocument): AuditEvent {
  return {
    id: _id,
    type: fields.type,
    at: fields.at,
    applicationId: fields.applicationId,
    verificationId: fields.verificationId,
    seq: fields.seq,
    actor: fields.actor,
    purpose: fields.purpose,
    to: fields.to,
    data: fields.data,
  };
}
