/** What an application may set about the pumping guard; `applications` composes its settings from it. */
import { z } from 'zod';
import { pumpingModes } from './pumping-mode';

export const pumpingFields = {
  pumping: z
    .strictObject({
      mode: z
        .enum(pumpingModes, `Use ${pumpingModes.join(', ')}.`)
        .optional()
        .describe(
          'enforce refuses (the default in production), shadow only records what it would refuse (elsewhere)',
        ),
    })
    .describe('The guard against SMS pumping; docs/pumping.md'),
};
