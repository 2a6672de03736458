import { z } from 'zod';
import { purposeSchema } from '../../../common/purpose.dto';
import { createVerificationSchema } from '../start/start.dto';
import type { RecipientView } from './recipients.service';

export const recipientSchema = z.strictObject({
  to: createVerificationSchema.shape.to,
  purpose: purposeSchema.optional(),
});

export const recipientAnswerSchema = z.object({
  failures: z.int().describe('Consecutive wrong checks; only a right one or an unlock clears them'),
  lockedUntil: z.iso
    .datetime()
    .nullable()
    .describe(
      'For others than known devices. Null also when only an unlock ends the lock: at failures 100, and from 90 on ' +
        'where a device of the person is known',
    ),
  sends: z.object({ used: z.int(), max: z.int(), nextAt: z.iso.datetime().nullable() }),
});
export type RecipientAnswer = z.infer<typeof recipientAnswerSchema>;

export function toAnswer({ failures, lockedUntil, sends }: RecipientView): RecipientAnswer {
  return {
    failures,
    lockedUntil: lockedUntil?.toISOString() ?? null,
    sends: { ...sends, nextAt: sends.nextAt?.toISOString() ?? null },
  };
}
