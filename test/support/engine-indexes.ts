import { AUDIT_EVENTS, auditEventSchema } from '../../src/audit/audit.schema';
import { CHANGED_HOURS, changedHoursSchema } from '../../src/otp/relay/read-model/changed-hours.schema';
import { readModelSchema, VERIFICATIONS } from '../../src/otp/relay/read-model/read-model.schema';
import { SLOTS, slotSchema } from '../../src/otp/slots/slot.schema';
import type { TestMongo } from './mongo';

/** Indexes of everything that a verification is written to, as the product makes them. */
export async function createEngineIndexes({ connection }: Pick<TestMongo, 'connection'>): Promise<void> {
  const schemas = [
    [AUDIT_EVENTS, auditEventSchema],
    [VERIFICATIONS, readModelSchema],
    [CHANGED_HOURS, changedHoursSchema],
    [SLOTS, slotSchema],
  ] as const;
  for (const [name, schema] of schemas) await connection.model(name, schema).createIndexes();
}
