import { Schema } from 'mongoose';
import type { AuditEvent } from './audit-event';

/** An audit event as stored; the order of the fields is always this one. */
export interface AuditEventDocument extends Omit<AuditEvent, 'id'> {
  readonly _id: string;
}

/** An event in the log: its place never changes. */
export interface AuditLogDocument extends AuditEventDocument {
  /** 1, 2, 3, … over all applications, without gaps. */
  readonly pos: number;
}

/** Names of the collections and of their models. */
export const AUDIT_INBOX = 'audit_inbox';
export const AUDIT_EVENTS = 'audit_events';

/**
 * Events on their way into the log: those that belong to no slot. The drain reads it from the start and
 * empties it, so it needs no index besides `_id`.
 */
export const auditInboxSchema = new Schema<AuditEventDocument>(
  {
    _id: { type: String, required: true },
    type: { type: String, required: true },
    at: { type: Date, required: true },
    applicationId: { type: String, default: null },
    verificationId: { type: String, default: null },
    seq: { type: Number, default: null },
    actor: { type: String, required: true },
    purpose: { type: String, default: null },
    to: { type: String, default: null },
    data: { type: Schema.Types.Mixed, required: true },
  },
  { collection: AUDIT_INBOX, versionKey: false, minimize: false },
);

/** The log itself. mongoose knows it for its indexes only. */
export const auditLogSchema = new Schema(
  { _id: String },
  { collection: AUDIT_EVENTS, strict: false, versionKey: false },
);

// The next position, the retention job, and above all the fence: two drains cannot both write position k.
auditLogSchema.index({ pos: 1 }, { unique: true });
// GET /v1/audit/events: one application, newest first. One verification is a range over `_id` instead.
auditLogSchema.index({ applicationId: 1, pos: -1 });

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
