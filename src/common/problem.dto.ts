import { z } from 'zod';
import { problemKinds } from './problem';

const codes = Object.keys(problemKinds) as [keyof typeof problemKinds];

/** The body of every error. */
export const problemSchema = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'Identifies the kind of problem.', example: 'urn:sixdigit:problem:not_found' }),
    title: z.string().meta({ description: 'The same for every problem of this kind.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    code: z.enum(codes).meta({ description: 'Stable: decide by this.' }),
    detail: z.string().optional().meta({ description: 'What to do, for a developer; may change.' }),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'For 400: each field that is not valid.' }),
    reason: z.string().optional().meta({ description: 'The rule behind a refusal, e.g. `too_short`.' }),
    rule: z
      .string()
      .optional()
      .meta({ description: 'For `limit_reached`: the limit, by its name in the settings.' }),
    challenge: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .meta({ description: 'For `challenge_required`: what the person is to be shown.' }),
    verificationId: z
      .string()
      .optional()
      .meta({ description: 'The pending verification that was run into.' }),
    lockedUntil: z.iso
      .datetime()
      .nullable()
      .optional()
      .meta({ description: 'End of the lock; null when only an unlock ends it.' }),
    requestId: z.string().optional().meta({ description: 'Same as the header `X-Request-Id`.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document.' });
