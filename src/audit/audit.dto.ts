import { z } from 'zod';
import { auditEventTypes, auditOrders, type AuditEvent } from './audit-event';

const CURSOR = /^[1-9]\d{0,19}$/;
/** A position is a number of 64 bits. */
const MAX_POSITION = 2n ** 64n - 1n;

/** Opaque to clients: the position in the log at which the page ended. */
export function encodePosition(pos: bigint): string {
  return Buffer.from(String(pos)).toString('base64url');
}

const position = z
  .string()
  .max(50)
  .transform((cursor, context) => {
    const digits = Buffer.from(cursor, 'base64url').toString();
    const pos = CURSOR.test(digits) ? BigInt(digits) : 0n;
    if (pos > 0n && pos <= MAX_POSITION && encodePosition(pos) === cursor) return pos;
    context.addIssue({ code: 'custom', message: 'Must be the nextCursor of an earlier answer.' });
    return z.NEVER;
  });

const instant = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 time with zone, e.g. 2026-01-31T12:00:00Z.' })
  .transform((text) => new Date(text));

const eventId = z.string().regex(/^[\w.-]{1,100}$/, 'Must be the id of an event.');

export const auditQuery = z
  .strictObject({
    verificationId: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'Must be the id of a verification.')
      .optional(),
    type: z.enum(auditEventTypes).optional(),
    /** From, inclusive. */
    after: instant.optional(),
    /** To, exclusive. */
    before: instant.optional(),
    order: z.enum(auditOrders).default('newest').describe('`oldest`: as they came'),
    afterEvent: eventId
      .optional()
      .describe(
        'With `order=oldest`: only what the log took in after this event, to go on where one stopped',
      ),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: position.optional(),
  })
  .refine(({ order, afterEvent }) => afterEvent === undefined || order === 'oldest', {
    path: ['afterEvent'],
    error: 'Needs order=oldest.',
  })
  .refine(({ cursor, afterEvent }) => afterEvent === undefined || cursor === undefined, {
    path: ['afterEvent'],
    error: 'Goes without cursor: the cursor knows where to go on.',
  });
export type AuditQueryInput = z.output<typeof auditQuery>;

export const auditEventAnswer = z
  .strictObject({
    id: z.string(),
    type: z.enum(auditEventTypes),
    at: z.iso.datetime(),
    applicationId: z.string().nullable(),
    verificationId: z.string().nullable(),
    seq: z.int().nullable(),
    actor: z.string(),
    purpose: z.string().nullable(),
    to: z.string().nullable().meta({ description: 'Masked, e.g. +34*******56.' }),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEventAnswer = z.infer<typeof auditEventAnswer>;

export const auditListAnswer = z
  .strictObject({ data: z.array(auditEventAnswer), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditEventList' });
export type AuditListAnswer = z.infer<typeof auditListAnswer>;

export function toAuditAnswer(event: AuditEvent): AuditEventAnswer {
  return { ...event, at: event.at.toISOString(), data: { ...event.data } };
}

/** `nextPos` null: the last page. */
export function toAuditList(page: {
  readonly events: readonly AuditEvent[];
  readonly nextPos: bigint | null;
}): AuditListAnswer {
  const nextCursor = page.nextPos === null ? null : encodePosition(page.nextPos);
  return { data: page.events.map(toAuditAnswer), nextCursor };
}
