import { z } from 'zod';

export const liveResponse = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Live' });
export type LiveResponse = z.infer<typeof liveResponse>;

export const readyResponse = z
  .strictObject({
    status: z.literal('ok'),
    checks: z
      .record(
        z.string(),
        z
          .looseObject({ status: z.literal('up') })
          .meta({ description: 'What the check found, e.g. a lag in ms.' }),
      )
      .optional()
      .meta({ description: 'Shown to the admin key only' }),
  })
  .meta({ id: 'Ready' });
export type ReadyResponse = z.infer<typeof readyResponse>;
