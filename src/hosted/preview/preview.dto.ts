import { z } from 'zod';
import { problems, screens } from '../../../web/verify/contract';
import { sentencesSchema, themeSchema } from '../../brand/hosted-settings.dto';
import { channels } from '../../common/channel';
import { displayText, localeSchema, transactionSchema } from '../../sms/settings/text-settings.dto';

export const pagePreviewSchema = z.strictObject({
  screen: z.enum(screens),
  problem: z
    .enum(problems)
    .optional()
    .describe('What went wrong just now, on a screen that asks for something'),
  ended: z
    .enum(['expired', 'failed', 'used'])
    .optional()
    .describe('Of the screen `ended`; default: `expired`'),
  channel: z.enum(channels).optional().describe('Default: `sms`'),
  transaction: transactionSchema.optional(),
  locale: localeSchema.optional().describe('Default: that of the application, else `en`'),
  brand: displayText(30).optional().describe('Instead of the one of the application'),
  contact: displayText(100).optional().describe('Instead of the one of the application'),
  theme: themeSchema.optional().describe('Before it is saved; what is absent is as the application has it'),
  texts: sentencesSchema.optional().describe('The same, for the language of the preview'),
});
export type PagePreview = z.output<typeof pagePreviewSchema>;
